-- Removes a bounded number of a node's sockets from a room.
-- KEYS  1 users   2 sockets   3 sockets of the node
-- ARGV  1 how many sockets at most
-- Answers how many of the node's sockets are left, then the users who are out of the room by it.
-- A key of a wrong type ends the script: here, before anything is changed.
redis.call('ZCARD', KEYS[1])
redis.call('ZCARD', KEYS[2])
local answer = { 0 }
for _, seat in ipairs(redis.call('SPOP', KEYS[3], ARGV[1])) do
  local user = string.match(seat, '^([^|]+)|')
  redis.call('ZREM', KEYS[2], seat)
  if user and is_user(user)
    and redis.call('ZLEXCOUNT', KEYS[2], '[' .. user .. '|', '(' .. user .. '}') == 0
    and redis.call('ZREM', KEYS[1], user) == 1 then
    answer[#answer + 1] = user
  end
end
answer[1] = redis.call('SCARD', KEYS[3])
return answer
