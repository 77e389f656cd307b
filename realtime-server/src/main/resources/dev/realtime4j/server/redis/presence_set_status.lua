-- Sets how a connected user is present.
-- ARGV  2 the status
local open = open_sockets()
if not next(open) then
  return { 'OFFLINE', '' }
end
if redis.call('EXISTS', hash) == 1 then
  redis.call('HSET', hash, 'status', ARGV[2])
else
  show(open, ARGV[2])
end
announce(ARGV[2], redis.call('HGET', hash, 'last_seen'))
return presence()
