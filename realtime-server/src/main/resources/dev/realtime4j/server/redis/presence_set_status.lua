-- Sets how a connected user is present.
-- ARGV  2 the status
-- Answers the presence, and third the version of this choice.
local open = open_sockets()
if not next(open) then
  return { 'OFFLINE', '', '0' }
end
if lapsed then
  show(open, ARGV[2])
else
  redis.call('HSET', hash, 'status', ARGV[2])
end
announce(ARGV[2], time_seen(redis.call('HGET', hash, 'last_seen')) or iso(now))
local version = string.format('%.0f', math.max(now_us, choice() + 1))
redis.call('HSET', announced, 'choice', version)
local answer = presence()
answer[3] = version
return answer
