-- The users to look at now, each with the time that was planned. Removes what is no user's id.
-- KEYS  1 the shard   ARGV  1 how many at most
-- Answers what was removed last (empty for nothing), then the users and times.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local removed = ''

-- Those behind a page of rubbish are not to wait for the next call; nor are others for this one.
for _ = 1, 10 do
  local answer, valid = { '' }, true
  local due = redis.call(
    'ZRANGEBYSCORE', KEYS[1], '-inf', now, 'WITHSCORES', 'LIMIT', 0, ARGV[1])
  for i = 1, #due, 2 do
    if is_user(due[i]) then
      answer[#answer + 1] = due[i]
      answer[#answer + 1] = due[i + 1]
    else
      redis.call('ZREM', KEYS[1], due[i])
      removed, valid = string.sub(due[i], 1, 200), false
    end
  end
  if valid then
    answer[1] = removed
    return answer
  end
end
return { removed }
