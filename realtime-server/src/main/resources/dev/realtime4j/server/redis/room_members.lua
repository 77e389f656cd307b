-- A page of a room's users, each with the number of his sockets.
-- KEYS  1 users   2 sockets
-- ARGV  1 the user before the page, or empty   2 how many at most
local from = ARGV[1] == '' and '-' or '(' .. ARGV[1]
local users = redis.call('ZRANGEBYLEX', KEYS[1], from, '+', 'LIMIT', 0, ARGV[2])
local page = {}
for _, user in ipairs(users) do
  page[#page + 1] = user
  page[#page + 1] = redis.call('ZLEXCOUNT', KEYS[2], '[' .. user .. '|', '(' .. user .. '}')
end
return page
