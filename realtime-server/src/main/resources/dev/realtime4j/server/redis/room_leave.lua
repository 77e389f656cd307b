-- A socket leaves a room.
-- KEYS  1 users   2 sockets   3 sockets of the node
-- ARGV  1 user   2 the socket as "<user>|<server>|<socket>"
-- Answers the outcome, the users in the room, the node's sockets in the room.
-- A key of a wrong type ends the script: here, before anything is changed.
redis.call('ZCARD', KEYS[1])
redis.call('SCARD', KEYS[3])
local outcome = 'NOT_IN'
if redis.call('ZREM', KEYS[2], ARGV[2]) == 1 then
  redis.call('SREM', KEYS[3], ARGV[2])
  outcome = 'STILL_IN'
  -- '}' is the character after '|'.
  if redis.call('ZLEXCOUNT', KEYS[2], '[' .. ARGV[1] .. '|', '(' .. ARGV[1] .. '}') == 0 then
    redis.call('ZREM', KEYS[1], ARGV[1])
    outcome = 'LEFT'
  end
end
return { outcome, redis.call('ZCARD', KEYS[1]), redis.call('SCARD', KEYS[3]) }
