-- The sockets that the user has open.
local names = {}
for name in pairs(open_sockets()) do
  names[#names + 1] = name
end
return names
