-- Notifications, what of them is not yet pushed, and which idempotency keys were used.

CREATE TABLE "${realtime_schema}".notification (
  id         uuid        NOT NULL DEFAULT "${realtime_schema}".uuid_v7(),
  user_id    uuid        NOT NULL,
  type       text        NOT NULL DEFAULT 'INFO',
  title      text        NOT NULL,
  body       text,
  data       jsonb       NOT NULL DEFAULT '{}',
  read_at    timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Which transaction inserted the row: it makes catch-up complete, and is shown to nobody.
  xact_id    xid8        NOT NULL DEFAULT pg_current_xact_id(),
  CONSTRAINT notification_pkey PRIMARY KEY (id),
  CONSTRAINT notification_type_check CHECK (type IN ('INFO', 'WARNING', 'ALERT')),
  CONSTRAINT notification_title_check CHECK (char_length(title) BETWEEN 1 AND 255),
  CONSTRAINT notification_body_check CHECK (octet_length(body) <= 16384),
  CONSTRAINT notification_data_check CHECK (jsonb_typeof(data) = 'object'),
  -- 16 KiB without the blanks that jsonb puts between its parts. The exact but slow form is only
  -- computed for what is near the limit.
  CONSTRAINT notification_data_size_check CHECK (
    octet_length(data::text) <= 16384
    OR octet_length(regexp_replace(data::text, '("(?:[^"\\]|\\.)*")|\s', '\1', 'g')) <= 16384),
  -- jsonb writes 1e200 out; no reader of ours takes a number of more than 100 digits.
  CONSTRAINT notification_data_number_check CHECK (
    data::text !~ '[0-9.]{101}'
    OR regexp_replace(data::text, '"(?:[^"\\]|\\.)*"', '', 'g') !~ '[0-9.]{101}')
) PARTITION BY RANGE (id);

CREATE INDEX notification_user_id_idx ON "${realtime_schema}".notification (user_id, id DESC);
CREATE INDEX notification_unread_idx ON "${realtime_schema}".notification (user_id, id DESC)
  WHERE read_at IS NULL;

-- Committed and not yet handed to the cluster. Short-lived rows: vacuumed by number, with room on
-- each page for the update that claims them.
CREATE TABLE "${realtime_schema}".notification_outbox (
  notification_id uuid        NOT NULL,
  user_id         uuid        NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  claimed_at      timestamptz,
  CONSTRAINT notification_outbox_pkey PRIMARY KEY (notification_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

CREATE TABLE "${realtime_schema}".notification_dedupe (
  user_id         uuid        NOT NULL,
  idempotency_key text        NOT NULL,
  notification_id uuid        NOT NULL,
  content_hash    bytea       NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT notification_dedupe_pkey PRIMARY KEY (user_id, idempotency_key)
);

CREATE INDEX notification_dedupe_created_at_idx
  ON "${realtime_schema}".notification_dedupe (created_at);

-- Which life of the database the clients' cursors belong to. After a logical restore:
-- UPDATE notification_epoch SET epoch = DEFAULT
CREATE TABLE "${realtime_schema}".notification_epoch (
  one_row boolean NOT NULL DEFAULT true,
  epoch   text    NOT NULL DEFAULT left(replace(gen_random_uuid()::text, '-', ''), 12),
  CONSTRAINT notification_epoch_pkey PRIMARY KEY (one_row),
  CONSTRAINT notification_epoch_one_row_check CHECK (one_row),
  CONSTRAINT notification_epoch_check CHECK (epoch ~ '^[a-z0-9]{1,32}$')
);

INSERT INTO "${realtime_schema}".notification_epoch DEFAULT VALUES;

DO $do$ BEGIN PERFORM "${realtime_schema}".create_months('notification', 3); END $do$;
