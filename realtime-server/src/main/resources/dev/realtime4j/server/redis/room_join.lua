-- A socket enters a room.
-- KEYS  1 users   2 sockets   3 sockets of the node
-- ARGV  1 user   2 the socket as "<user>|<server>|<socket>"   3 how many users at most
-- Answers the outcome, the users in the room, the node's sockets in the room.
-- A key of a wrong type ends the script: here, before anything is changed.
redis.call('ZCARD', KEYS[2])
redis.call('SCARD', KEYS[3])
local outcome = 'JOINED_AGAIN'
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then
    outcome = 'FULL'
  else
    outcome = 'JOINED'
    redis.call('ZADD', KEYS[1], 0, ARGV[1])
  end
end
if outcome ~= 'FULL' then
  redis.call('ZADD', KEYS[2], 0, ARGV[2])
  redis.call('SADD', KEYS[3], ARGV[2])
end
return { outcome, redis.call('ZCARD', KEYS[1]), redis.call('SCARD', KEYS[3]) }
