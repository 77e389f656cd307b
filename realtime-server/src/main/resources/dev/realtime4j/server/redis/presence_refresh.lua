-- Prolongs the sockets of one node, and writes again what was lost.
-- ARGV  2 TTL, ms   3, 4 the status that the user chose as the node knows it, and its version
--       5… the sockets, the most recently active one last
-- Answers the status and the version of its choice.
local open = open_sockets()
local status = kept_status(open)
local known, version = choice(), tonumber(ARGV[4])
if version > known or (lapsed and version == known) then
  status = ARGV[3]
end
-- The times of activity stay, but the node knows their order among its own sockets better.
local activities = {}
for i = 5, #ARGV do
  local before = open[ARGV[i]]
  activities[i - 4] = before and before.activity or now_us + i
end
table.sort(activities)
for i = 5, #ARGV do
  put_socket(open, ARGV[i], tonumber(ARGV[2]), activities[i - 4])
end
show(open, status)
announce(status, iso(now))
version = string.format('%.0f', math.max(known, version))
if version ~= '0' then
  redis.call('HSET', announced, 'choice', version)
end
return { status, version }
