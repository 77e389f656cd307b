-- One row for each accepted connection.

CREATE TABLE "${realtime_schema}".connection_log (
  id              uuid        NOT NULL DEFAULT "${realtime_schema}".uuid_v7(),
  user_id         uuid        NOT NULL,
  server_id       text        NOT NULL,
  socket_id       text        NOT NULL,
  remote_address  inet        NOT NULL,
  user_agent      text,
  connected_at    timestamptz NOT NULL,
  disconnected_at timestamptz,
  close_code      int,
  close_reason    text,
  CONSTRAINT connection_log_pkey PRIMARY KEY (id)
) PARTITION BY RANGE (id);

CREATE INDEX connection_log_user_id_idx ON "${realtime_schema}".connection_log (user_id, id DESC);
-- What a dead node left open.
CREATE INDEX connection_log_open_idx ON "${realtime_schema}".connection_log (server_id)
  WHERE disconnected_at IS NULL;
-- Who was connected at a time.
CREATE INDEX connection_log_disconnected_at_idx
  ON "${realtime_schema}".connection_log (disconnected_at);

DO $do$ BEGIN PERFORM "${realtime_schema}".create_months('connection_log', 3); END $do$;
