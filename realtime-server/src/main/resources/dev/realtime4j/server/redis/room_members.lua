-- A page of a room's users, each with the number of his sockets. Removes what is no user's id.
-- KEYS  1 users   2 sockets
-- ARGV  1 the user before the page, or empty   2 how many at most
-- Answers what was removed last (empty for nothing), then the users and numbers.
local from = ARGV[1] == '' and '-' or '(' .. ARGV[1]
local removed = ''
for _ = 1, 100 do
  local page, valid = { '' }, true
  for _, user in ipairs(redis.call('ZRANGEBYLEX', KEYS[1], from, '+', 'LIMIT', 0, ARGV[2])) do
    if is_user(user) then
      page[#page + 1] = user
      page[#page + 1] = redis.call('ZLEXCOUNT', KEYS[2], '[' .. user .. '|', '(' .. user .. '}')
    else
      redis.call('ZREM', KEYS[1], user)
      removed, valid = string.sub(user, 1, 200), false
    end
  end
  if valid then
    page[1] = removed
    return page
  end
end
return { removed }
