-- Prolongs the sockets of one node.
-- ARGV  2 TTL, ms   3… the sockets, the most recently active one last
local open = open_sockets()
local status = kept_status(open)
-- The times of activity stay, but the node knows their order among its own sockets better.
local activities = {}
for i = 3, #ARGV do
  local known = open[ARGV[i]]
  activities[i - 2] = known and known.activity or now_us + i
end
table.sort(activities)
for i = 3, #ARGV do
  put_socket(open, ARGV[i], tonumber(ARGV[2]), activities[i - 2])
end
show(open, status)
announce(status, iso(now))
return 1
