-- How many sockets the user has open.
local count = 0
for _ in pairs(open_sockets()) do
  count = count + 1
end
return count
