-- A node's sign of life; ends a claim that took it for dead.
-- KEYS  1 the sign of life   2 the claim   3 whose sign of life it is
-- ARGV  1 the time   2 TTL, ms   3 the incarnation, empty for none
-- Answers whether the node was known to live.
local known = redis.call('EXISTS', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('DEL', KEYS[2])
if ARGV[3] ~= '' then
  redis.call('SET', KEYS[3], ARGV[3], 'PX', ARGV[2])
end
return known
