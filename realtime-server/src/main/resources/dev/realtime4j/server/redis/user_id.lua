-- Goes before scripts that read users' ids: other programs can write anything.
local function is_user(text)
  return #text == 36 and text ~= '00000000-0000-0000-0000-000000000000' and string.match(text,
    '^%x%x%x%x%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x%x%x%x%x%x%x%x%x%x%x%x$')
end

