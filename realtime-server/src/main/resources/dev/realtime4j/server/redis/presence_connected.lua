-- A socket opened, or was active.
-- ARGV  2 TTL, ms   3 the socket
local open = open_sockets()
local status = kept_status(open)
put_socket(open, ARGV[3], tonumber(ARGV[2]), now_us)
show(open, status)
announce(status, iso(now))
return presence()
