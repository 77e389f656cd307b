-- The nodes with the times of their last signs of life; removes what cannot be the name of one.
-- KEYS  1 the index
-- Answers what was removed first (empty for nothing), then names and times.
local found = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
local answer = { '' }
for i = 1, #found, 2 do
  if #found[i] <= 64 and string.match(found[i], '^[%w_.%-]+$') then
    answer[#answer + 1] = found[i]
    answer[#answer + 1] = found[i + 1]
  else
    redis.call('ZREM', KEYS[1], found[i])
    answer[1] = string.sub(found[i], 1, 200)
  end
end
return answer
