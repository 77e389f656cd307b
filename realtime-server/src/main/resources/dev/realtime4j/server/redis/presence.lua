-- Goes before every script about one user's presence: what they all need.
-- KEYS  1 the presence hash   2 its sockets   3 what watchers were told
-- ARGV  1 the user's id
--
-- A socket is a field "<server id>|<socket id>" with the value "<expiry, ms>:<last activity, us>".
-- All times are those of this Redis server, so that the clocks of the nodes do not matter.
local hash, sockets, announced = KEYS[1], KEYS[2], KEYS[3]
local user = ARGV[1]
local clock = redis.call('TIME')
local now_us = clock[1] * 1000000 + clock[2]
local now = math.floor(now_us / 1000)

-- Whether who asks was answered OFFLINE until now, though nobody may have announced it yet.
local lapsed = redis.call('EXISTS', hash) == 0

-- How long the announcement outlives the presence, for a reaper to find it. Beside what watchers
-- were told it holds the version of the user's last choice of status.
local KEEP_ANNOUNCED_MS = 86400000

-- ISO-8601 UTC with milliseconds; the days are counted from 1 March of the year 0.
local function iso(ms)
  local floor = math.floor
  local day = floor(ms / 86400000) + 719468
  local era = floor(day / 146097)
  local of_era = day - era * 146097
  local year = floor(
    (of_era - floor(of_era / 1460) + floor(of_era / 36524) - floor(of_era / 146096)) / 365)
  local of_year = of_era - (365 * year + floor(year / 4) - floor(year / 100))
  local month = floor((5 * of_year + 2) / 153)
  local of_month = of_year - floor((153 * month + 2) / 5) + 1
  month = month < 10 and month + 3 or month - 9
  year = year + era * 400 + (month <= 2 and 1 or 0)
  local rest = ms % 86400000
  return string.format('%04d-%02d-%02dT%02d:%02d:%02d.%03dZ', year, month, of_month,
    floor(rest / 3600000), floor(rest / 60000) % 60, floor(rest / 1000) % 60, rest % 1000)
end

-- What another program wrote into these keys is not believed: it would end the scripts, or become
-- a message to the watchers. More fields, or later times, than these were not written by a node.
local MOST_SOCKETS = 20000
local LATEST_MS = now + 31536000000

local function chosen_status(text)
  return (text == 'ONLINE' or text == 'BUSY') and text or nil
end

local function time_seen(text)
  return text and #text == 24
    and string.match(text, '^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.%d%d%dZ$')
end

-- A version, which is a time in us or one more than another; 0 for none.
local function version_of(text)
  return text and #text <= 16 and string.match(text, '^%d+$')
    and tonumber(text) < 9000000000000000 and tonumber(text) or 0
end

-- The sockets that still count; forgets the others.
local function open_sockets()
  if redis.call('HLEN', sockets) > MOST_SOCKETS then
    redis.call('UNLINK', sockets)
  end
  local stored, open = redis.call('HGETALL', sockets), {}
  for i = 1, #stored, 2 do
    local server, socket = string.match(stored[i], '^([%w_.%-]+)|([%w_.%-]+)$')
    local expiry, activity = string.match(stored[i + 1], '^(%d+):(%d+)$')
    if server and #server <= 64 and #socket <= 64 and expiry and #activity <= 16
      and tonumber(expiry) > now and tonumber(expiry) < LATEST_MS then
      open[stored[i]] = { expiry = tonumber(expiry), activity = tonumber(activity) }
    else
      redis.call('HDEL', sockets, stored[i])
    end
  end
  return open
end

local function put_socket(open, name, ttl, activity)
  open[name] = { expiry = now + ttl, activity = activity }
  redis.call('HSET', sockets, name, string.format('%.0f:%.0f', now + ttl, activity))
end

-- The status belongs to the user: it is kept while he is present, also when only the hash is lost.
local function kept_status(open)
  local status = chosen_status(redis.call('HGET', hash, 'status'))
  if not status and next(open) then
    status = chosen_status(redis.call('HGET', announced, 'status'))
  end
  return status or 'ONLINE'
end

-- Writes the hash: the most recently active of the open sockets, until the last of them expires,
-- but at least until a given time.
local function show(open, status, at_least)
  local newest, latest, expiry = nil, -1, at_least or 0
  for name, socket in pairs(open) do
    if socket.activity > latest then
      newest, latest = name, socket.activity
    end
    expiry = math.max(expiry, socket.expiry)
  end
  local server, socket = string.match(newest, '^([^|]+)|(.+)$')
  redis.call('HSET', hash,
    'status', status, 'server_id', server, 'socket_id', socket, 'last_seen', iso(now))
  redis.call('PEXPIREAT', hash, string.format('%.0f', expiry))
  redis.call('PEXPIREAT', sockets, string.format('%.0f', expiry))
end

-- The message is the text of PresenceChange.encoded(); before the newline stands which node sent
-- it: none.
local function publish(status, last_seen, version)
  local seen = last_seen and '"' .. string.gsub(last_seen, '%.000Z$', 'Z') .. '"' or 'null'
  redis.call('PUBLISH', 'realtime:bus:presence:' .. user,
    '\n{"user_id":"' .. user .. '","status":"' .. status .. '","last_seen":' .. seen
    .. ',"version":' .. version .. '}')
end

-- Greater than every version before, also when those were lost or removed.
local function next_version(told)
  return string.format('%.0f', math.max(now_us, version_of(told) + 1))
end

-- Tells watchers, unless it is what they were told last. Who asked while the user had lapsed was
-- told that he is offline.
local function announce(status, last_seen)
  local told = redis.call('HMGET', announced, 'status', 'version')
  if told[1] ~= status or lapsed then
    local version = next_version(told[2])
    redis.call('HSET', announced, 'status', status, 'version', version)
    publish(status, last_seen, version)
  end
  redis.call('HSET', announced, 'last_seen', last_seen)
  local left = math.max(redis.call('PTTL', hash), 0)
  redis.call('PEXPIRE', announced, string.format('%.0f', left + KEEP_ANNOUNCED_MS))
end

-- The version of the user's last choice of status; 0 for none.
local function choice()
  return version_of(redis.call('HGET', announced, 'choice'))
end

-- What a caller is answered.
local function presence()
  local found = redis.call('HMGET', hash, 'status', 'last_seen')
  return found[1] and { found[1], found[2] } or { 'OFFLINE', '' }
end
