-- A socket closed.
-- ARGV  2 grace time, ms   3 the socket
-- Answers the presence, and third when to look whether the user is gone, in ms; -1 for no change.
-- A key of a wrong type ends the script: here, before anything is changed.
redis.call('HLEN', announced)
local open = open_sockets()
local status = kept_status(open)
local look = -1
local left = math.min(redis.call('PTTL', hash), tonumber(ARGV[2]))
if redis.call('HDEL', sockets, ARGV[3]) == 1 then
  open[ARGV[3]] = nil
  if next(open) then
    -- What is left may be a dead node's: the grace time holds all the same.
    show(open, status, now + left)
    look = redis.call('PTTL', hash)
  else
    look = left
    if look > 0 then
      redis.call('HSET', hash, 'last_seen', iso(now))
      redis.call('PEXPIRE', hash, look)
    else
      look = 0
      redis.call('DEL', hash)
    end
  end
  if redis.call('EXISTS', announced) == 1 then
    redis.call('HSET', announced, 'last_seen', iso(now))
  end
end
local answer = presence()
answer[3] = look
return answer
