-- Claims a node, if it is dead and nobody's.
-- KEYS  1 the sign of life   2 the claim
-- ARGV  1 for how long, ms
-- Answers 1 to the one who has it.
if redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
return redis.call('SET', KEYS[2], '1', 'NX', 'PX', ARGV[1]) and 1 or 0
