-- Ids that begin with their time, and the monthly partitions that this makes possible.
-- ${realtime_schema} is the schema's name; replace it when you apply this file by hand.

-- A new UUIDv7 (RFC 9562): 48 bits of milliseconds, 12 bits of the fraction of that millisecond, so
-- that ids of one session grow with the clock's microseconds, and 62 random bits.
DO $do$
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    EXECUTE $sql$
      CREATE FUNCTION "${realtime_schema}".uuid_v7() RETURNS uuid
      LANGUAGE sql VOLATILE PARALLEL SAFE AS 'SELECT pg_catalog.uuidv7()'
    $sql$;
  ELSE
    EXECUTE $sql$
      CREATE FUNCTION "${realtime_schema}".uuid_v7() RETURNS uuid
      LANGUAGE sql VOLATILE PARALLEL SAFE AS $body$
        SELECT (lpad(to_hex(micros / 1000), 12, '0')
             || '7' || lpad(to_hex((micros % 1000) * 4096 / 1000), 3, '0')
             || right(replace(random::text, '-', ''), 16))::uuid
        FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS micros,
                     gen_random_uuid() AS random
              OFFSET 0) AS drawn
      $body$
    $sql$;
  END IF;
END
$do$;

-- The smallest UUID of a time: bounds of partitions, lower bounds of queries.
CREATE FUNCTION "${realtime_schema}".uuid_floor(at timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $body$
  SELECT rpad(lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$body$;

-- Creates the partition of one month (UTC), and answers whether it was missing. ATTACH takes a lock
-- that open transactions with inserts do not mind; PARTITION OF would wait for all of them.
CREATE FUNCTION "${realtime_schema}".create_month(parent text, month date) RETURNS boolean
LANGUAGE plpgsql AS $body$
DECLARE
  first timestamp := date_trunc('month', month::timestamp);
  part text := parent || to_char(first, '"_p"YYYY"_"MM');
BEGIN
  IF parent NOT IN ('notification', 'connection_log') THEN
    RAISE EXCEPTION 'no monthly table of this name: %', parent;
  END IF;
  IF to_regclass(format('%I.%I', '${realtime_schema}', part)) IS NOT NULL THEN
    RETURN false;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('realtime4j:months:${realtime_schema}', 0));
  IF to_regclass(format('%I.%I', '${realtime_schema}', part)) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format(
    'CREATE TABLE %1$I.%2$I (LIKE %1$I.%3$I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)',
    '${realtime_schema}', part, parent);
  EXECUTE format(
    'ALTER TABLE %1$I.%3$I ATTACH PARTITION %1$I.%2$I FOR VALUES FROM (%4$L) TO (%5$L)',
    '${realtime_schema}', part, parent,
    "${realtime_schema}".uuid_floor(first AT TIME ZONE 'UTC'),
    "${realtime_schema}".uuid_floor((first + interval '1 month') AT TIME ZONE 'UTC'));
  RETURN true;
END
$body$;

-- Creates the partitions of last month (a node's clock may be behind), this month and so many ahead,
-- and answers how many were missing. For a scheduler, where the application's role may not do it.
CREATE FUNCTION "${realtime_schema}".create_months(parent text, months_ahead int) RETURNS int
LANGUAGE sql VOLATILE AS $body$
  SELECT count(*)::int
  FROM generate_series(-1, months_ahead) AS step
  WHERE "${realtime_schema}".create_month(
    parent, ((now() AT TIME ZONE 'UTC') + make_interval(months => step))::date)
$body$;
