-- A socket opened, or was active.
-- ARGV  2 TTL, ms   3 the socket
-- Answers the presence, third the version of the user's choice of status, and fourth how many
-- sockets he has open.
local open = open_sockets()
local status = kept_status(open)
put_socket(open, ARGV[3], tonumber(ARGV[2]), now_us)
show(open, status)
announce(status, iso(now))
local answer = presence()
answer[3] = string.format('%.0f', choice())
answer[4] = 0
for _ in pairs(open) do
  answer[4] = answer[4] + 1
end
return answer
