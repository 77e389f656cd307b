-- Writes when to look whether users are gone, into one shard of the index.
-- KEYS  1 the shard
-- ARGV  1 LATER or SOONER: what was planned before only moves there
--       2, 3 … in how many ms, which user
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
for i = 2, #ARGV, 2 do
  local at, user = now + ARGV[i], ARGV[i + 1]
  if ARGV[1] == 'SOONER' then
    -- A sooner plan stays, but not as it is: who looks by it just now is not to settle it.
    local planned = tonumber(redis.call('ZSCORE', KEYS[1], user))
    at = planned and math.min(at, planned - 1) or at
    redis.call('ZADD', KEYS[1], string.format('%.0f', at), user)
  else
    redis.call('ZADD', KEYS[1], 'GT', string.format('%.0f', at), user)
  end
end
return 1
