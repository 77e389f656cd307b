-- Writes when to look whether users are gone, into one shard of the index.
-- KEYS  1 the shard
-- ARGV  1 LATER (never sooner than planned before) or EXACTLY   2, 3 … in how many ms, which user
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
for i = 2, #ARGV, 2 do
  local at = string.format('%.0f', now + ARGV[i])
  if ARGV[1] == 'LATER' then
    redis.call('ZADD', KEYS[1], 'GT', at, ARGV[i + 1])
  else
    redis.call('ZADD', KEYS[1], at, ARGV[i + 1])
  end
end
return 1
