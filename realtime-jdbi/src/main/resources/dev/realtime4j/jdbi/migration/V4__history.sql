-- In which history of the database a client's cursor was made, and what to do after a restore.

-- One row for each time that the server was started since its history began. A promoted standby, a
-- server that crashed and a copy of the files use transaction ids again that were used before.
-- In all of these cases PostgreSQL empties an unlogged table; when the server is stopped cleanly
-- and started again, it keeps it. So a cursor whose row is here is of this history.
CREATE UNLOGGED TABLE "${realtime_schema}".notification_history (
  id                text        NOT NULL DEFAULT left(replace(gen_random_uuid()::text, '-', ''), 12),
  started_at        timestamptz NOT NULL, -- the server, by its own word
  system_identifier bigint      NOT NULL, -- of its files: what a dump brought from others is no row
  CONSTRAINT notification_history_pkey PRIMARY KEY (started_at),
  CONSTRAINT notification_history_id_check CHECK (id ~ '^[a-z0-9]{1,12}$')
);

-- The ids of the rows above, that of now first. Null where there is none and none can be written:
-- on a standby, and in a read-only transaction. It has the rights of its owner, so that nobody has
-- to be granted any on the table.
CREATE FUNCTION "${realtime_schema}".notification_histories() RETURNS text[]
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
  started CONSTANT timestamptz := pg_postmaster_start_time();
  files bigint := 0;
  ids text[];
BEGIN
  IF pg_is_in_recovery() THEN
    RETURN NULL; -- Unlogged tables cannot even be read here.
  END IF;
  FOR look IN 1..2 LOOP
    SELECT array_agg(h.id ORDER BY h.started_at = started DESC, h.started_at DESC) INTO ids
    FROM "${realtime_schema}".notification_history h
    WHERE h.system_identifier = (
      SELECT present.system_identifier FROM "${realtime_schema}".notification_history present
      WHERE present.started_at = started);
    IF ids IS NOT NULL OR look = 2 OR current_setting('transaction_read_only')::boolean THEN
      RETURN ids;
    END IF;
    BEGIN
      SELECT c.system_identifier INTO files FROM pg_control_system() c;
    EXCEPTION WHEN insufficient_privilege THEN
      files := 0; -- Then what a dump brings counts as well, unless after_restore is called.
    END;
    DELETE FROM "${realtime_schema}".notification_history h
    WHERE h.system_identifier <> files
       OR h.started_at < (SELECT o.started_at FROM "${realtime_schema}".notification_history o
                          ORDER BY o.started_at DESC OFFSET 99 LIMIT 1);
    INSERT INTO "${realtime_schema}".notification_history (started_at, system_identifier)
    VALUES (started, files) ON CONFLICT (started_at) DO NOTHING;
  END LOOP;
END
$body$;

GRANT EXECUTE ON FUNCTION "${realtime_schema}".notification_histories() TO PUBLIC;

-- After the rows came from another cluster, by a dump or by logical replication: CALL it once, not
-- within a transaction. The clients' cursors are unknown from then on, and rows whose transaction
-- id lies in the future of this cluster count as committed long ago. In steps of 5,000 rows, and
-- back to 40 days before: no new cursor looks further back. May be repeated, and nodes may serve.
CREATE PROCEDURE "${realtime_schema}".after_restore()
LANGUAGE plpgsql AS $body$
DECLARE
  after_id uuid := "${realtime_schema}".uuid_floor(now() - interval '40 days');
  newest uuid;
  upto uuid;
BEGIN
  COMMIT; -- Within a transaction of the caller's this fails, before anything is changed.
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED; -- Whatever the default is.
  -- First: an old cursor must never meet the rows as they are afterwards.
  UPDATE "${realtime_schema}".notification_epoch SET epoch = DEFAULT;
  COMMIT;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  -- What nodes store from now on is of this cluster: it is not run after.
  SELECT n.id INTO newest FROM "${realtime_schema}".notification n
  WHERE n.id >= after_id ORDER BY n.id DESC LIMIT 1;
  LOOP
    SELECT step.id INTO upto FROM (
      SELECT n.id FROM "${realtime_schema}".notification n
      WHERE n.id >= after_id AND n.id <= newest ORDER BY n.id LIMIT 5000) AS step
    ORDER BY step.id DESC LIMIT 1;
    EXIT WHEN upto IS NULL;
    UPDATE "${realtime_schema}".notification n SET xact_id = '3'
    WHERE n.id >= after_id AND n.id <= upto
      AND n.xact_id >= pg_snapshot_xmax(pg_current_snapshot());
    COMMIT;
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    EXIT WHEN upto = after_id;
    after_id := upto;
  END LOOP;
END
$body$;
