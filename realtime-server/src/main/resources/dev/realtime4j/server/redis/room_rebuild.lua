-- Writes again what can be known of a room from what is left of it: each seat stands in the
-- sockets of the room and in those of its node, and names its user.
-- KEYS  1 users   2 sockets   3… sockets of each node   ARGV  each node, from 1 on
local seats = redis.call('ZRANGE', KEYS[2], 0, -1)
for i = 3, #KEYS do
  for _, seat in ipairs(redis.call('SMEMBERS', KEYS[i])) do
    seats[#seats + 1] = seat
  end
end
local node_keys = {}
for i, node in ipairs(ARGV) do
  node_keys[node] = KEYS[i + 2]
end
for _, seat in ipairs(seats) do
  local user, node = string.match(seat, '^([^|]+)|([%w_.%-]+)|[%w_.%-]+$')
  if user and is_user(user) then
    redis.call('ZADD', KEYS[1], 0, user)
    redis.call('ZADD', KEYS[2], 0, seat)
    if node_keys[node] then
      redis.call('SADD', node_keys[node], seat)
    end
  end
end
return #seats
