-- Ends or moves what was due, where nobody has planned it anew since.
-- KEYS  1 the shard
-- ARGV  1, 2, 3 … which user, what was planned, in how many ms to look again or -1 for never
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
for i = 1, #ARGV, 3 do
  if redis.call('ZSCORE', KEYS[1], ARGV[i]) == ARGV[i + 1] then
    if tonumber(ARGV[i + 2]) < 0 then
      redis.call('ZREM', KEYS[1], ARGV[i])
    else
      redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[i + 2]), ARGV[i])
    end
  end
end
return 1
