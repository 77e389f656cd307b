-- Removes keys that hold something of another type than they should.
-- KEYS  any, in one slot   ARGV  the type of each, as TYPE answers
-- Answers for each the type that was removed, or an empty text.
local removed = {}
for i, key in ipairs(KEYS) do
  local type = redis.call('TYPE', key)['ok']
  if type == 'none' or type == ARGV[i] then
    removed[i] = ''
  else
    redis.call('UNLINK', key)
    removed[i] = type
  end
end
return removed
