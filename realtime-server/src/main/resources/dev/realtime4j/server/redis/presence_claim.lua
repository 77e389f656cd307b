-- Announces that a user is gone, if he is: of all nodes that find him, one is answered 0.
-- Answers  0 announced now   > 0 still present, look again in so many ms   -1 nothing to announce
local left = redis.call('PTTL', hash)
for _, socket in pairs(open_sockets()) do
  left = math.max(left, socket.expiry - now)
end
if left > 0 then
  return left
end
local told = redis.call('HMGET', announced, 'version', 'last_seen')
redis.call('DEL', hash, sockets, announced)
if not told[1] then
  return -1
end
publish('OFFLINE', time_seen(told[2]), next_version(told[1]))
return 0
