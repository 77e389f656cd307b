-- When each user was last connected, in one row: the connection log itself has many of each.

-- As the log says it: the newest close, or the newest opening that is not closed. It is kept as long
-- as a connection of that time would be: retention removes both.
CREATE TABLE "${realtime_schema}".user_last_seen (
  user_id   uuid        NOT NULL,
  last_seen timestamptz NOT NULL,
  CONSTRAINT user_last_seen_pkey PRIMARY KEY (user_id)
) WITH (fillfactor = 80); -- Only last_seen changes: the new version of a row finds room beside it.

-- Keeps it, whoever writes the log: also nodes of an older version, and what is done by hand. It has
-- the rights of its owner, so that nobody has to be granted any on the table.
CREATE FUNCTION "${realtime_schema}".note_last_seen() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
  doubtful uuid[];
BEGIN
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO "${realtime_schema}".user_last_seen AS s (user_id, last_seen)
    SELECT l.user_id, max(coalesce(l.disconnected_at, l.connected_at))
    FROM logged l GROUP BY l.user_id ORDER BY l.user_id
    ON CONFLICT (user_id) DO UPDATE SET last_seen = excluded.last_seen
      WHERE s.last_seen < excluded.last_seen;
  END IF;
  -- A close that was only guessed, or rows that are gone: then it may be earlier than was thought.
  IF TG_OP = 'DELETE' THEN
    SELECT array_agg(DISTINCT b.user_id ORDER BY b.user_id) INTO doubtful FROM before b;
  ELSIF TG_OP = 'UPDATE' THEN
    SELECT array_agg(DISTINCT b.user_id ORDER BY b.user_id) INTO doubtful
    FROM before b WHERE b.disconnected_at IS NOT NULL;
  END IF;
  IF doubtful IS NOT NULL THEN
    PERFORM FROM "${realtime_schema}".user_last_seen s
    WHERE s.user_id = ANY (doubtful) ORDER BY s.user_id FOR NO KEY UPDATE;
    DELETE FROM "${realtime_schema}".user_last_seen s
    WHERE s.user_id = ANY (doubtful) AND NOT EXISTS (
      SELECT FROM "${realtime_schema}".connection_log c WHERE c.user_id = s.user_id);
    UPDATE "${realtime_schema}".user_last_seen s SET last_seen = told.last_seen
    FROM unnest(doubtful) AS d(user_id)
    CROSS JOIN LATERAL (
      -- Far more than a user may hold at once, and the walk ends in the newest partitions.
      SELECT max(coalesce(n.disconnected_at, n.connected_at)) AS last_seen
      FROM (SELECT c.disconnected_at, c.connected_at FROM "${realtime_schema}".connection_log c
            WHERE c.user_id = d.user_id ORDER BY c.id DESC LIMIT 100) AS n) AS told
    WHERE s.user_id = d.user_id AND told.last_seen <> s.last_seen;
  END IF;
  RETURN NULL;
END
$body$;

CREATE TRIGGER note_inserted AFTER INSERT ON "${realtime_schema}".connection_log
  REFERENCING NEW TABLE AS logged
  FOR EACH STATEMENT EXECUTE FUNCTION "${realtime_schema}".note_last_seen();
CREATE TRIGGER note_updated AFTER UPDATE ON "${realtime_schema}".connection_log
  REFERENCING OLD TABLE AS before NEW TABLE AS logged
  FOR EACH STATEMENT EXECUTE FUNCTION "${realtime_schema}".note_last_seen();
CREATE TRIGGER note_deleted AFTER DELETE ON "${realtime_schema}".connection_log
  REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT EXECUTE FUNCTION "${realtime_schema}".note_last_seen();

-- Whoever writes connections calls it within the same statement. That one inserts some and completes
-- others, each with a trigger of its own: two nodes with the same users could wait for each other.
CREATE FUNCTION "${realtime_schema}".lock_last_seen(users uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  PERFORM FROM "${realtime_schema}".user_last_seen s
  WHERE s.user_id = ANY (users) ORDER BY s.user_id FOR NO KEY UPDATE;
END
$body$;

-- When these users were last connected; no row for who is not known.
CREATE FUNCTION "${realtime_schema}".last_seen(users uuid[])
RETURNS TABLE (user_id uuid, last_seen timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
  SELECT s.user_id, s.last_seen FROM "${realtime_schema}".user_last_seen s
  WHERE s.user_id = ANY (users)
$body$;

-- Forgets a user of whom the log holds nothing any more: what they closed may be younger than the
-- month in which it began, which retention has dropped.
CREATE FUNCTION "${realtime_schema}".forget_last_seen(forgotten uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
  DELETE FROM "${realtime_schema}".user_last_seen s
  WHERE s.user_id = forgotten AND NOT EXISTS (
    SELECT FROM "${realtime_schema}".connection_log c WHERE c.user_id = forgotten)
$body$;

GRANT EXECUTE ON FUNCTION "${realtime_schema}".lock_last_seen(uuid[]),
  "${realtime_schema}".last_seen(uuid[]), "${realtime_schema}".forget_last_seen(uuid) TO PUBLIC;

-- What the log holds already. Nodes that run write it again when this is done.
INSERT INTO "${realtime_schema}".user_last_seen (user_id, last_seen)
SELECT c.user_id, max(coalesce(c.disconnected_at, c.connected_at))
FROM "${realtime_schema}".connection_log c GROUP BY c.user_id;
