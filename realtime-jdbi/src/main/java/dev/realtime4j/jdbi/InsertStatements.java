package dev.realtime4j.jdbi;

/**
 * Row, outbox row and idempotency key are one statement, whether for one or for many. Two
 * transactions wait for each other only over the same idempotency key.
 */
final class InsertStatements {
  /** What makes two contents the same; jsonb puts the members of an object in one order. */
  static final String HASH =
      "sha256(convert_to(jsonb_build_array(type, title, body, data::jsonb)::text, 'UTF8'))";

  /** Each with a content of its own. */
  static final String EACH =
      """
      WITH given AS (
        SELECT * FROM unnest(:ids::uuid[], :users::uuid[], :types::text[], :titles::text[],
                             :bodies::text[], :data::text[], :keys::text[])
          AS g(id, user_id, type, title, body, data, key)),
      keyed AS (
        INSERT INTO $schema.notification_dedupe
          (user_id, idempotency_key, notification_id, content_hash)
        SELECT user_id, key, id, %s FROM given WHERE key IS NOT NULL ORDER BY user_id, key
        ON CONFLICT (user_id, idempotency_key) DO NOTHING
        RETURNING notification_id),
      stored AS (
        INSERT INTO $schema.notification (id, user_id, type, title, body, data)
        SELECT id, user_id, type, title, body, data::jsonb FROM given
        WHERE key IS NULL OR id IN (SELECT notification_id FROM keyed)
        RETURNING id, user_id, created_at),
      queued AS (
        INSERT INTO $schema.notification_outbox (notification_id, user_id)
        SELECT id, user_id FROM stored)
      SELECT id, created_at FROM stored
      """
          .formatted(HASH);

  /** The same content for many: it travels once. */
  static final String FOR_ALL =
      """
      WITH given AS (
        SELECT * FROM unnest(:ids::uuid[], :users::uuid[]) AS g(id, user_id) ORDER BY user_id),
      content AS (
        SELECT :type::text AS type, :title::text AS title, :body::text AS body,
               :data::jsonb AS data, :key::text AS key),
      keyed AS (
        INSERT INTO $schema.notification_dedupe
          (user_id, idempotency_key, notification_id, content_hash)
        SELECT user_id, key, id, hash
        FROM given CROSS JOIN (SELECT key, %s AS hash FROM content WHERE key IS NOT NULL) AS c
        ORDER BY user_id
        ON CONFLICT (user_id, idempotency_key) DO NOTHING
        RETURNING notification_id),
      stored AS (
        INSERT INTO $schema.notification (id, user_id, type, title, body, data)
        SELECT id, user_id, type, title, body, data FROM given CROSS JOIN content
        WHERE key IS NULL OR id IN (SELECT notification_id FROM keyed)
        RETURNING id, user_id, created_at),
      queued AS (
        INSERT INTO $schema.notification_outbox (notification_id, user_id)
        SELECT id, user_id FROM stored)
      SELECT id, created_at FROM stored
      """
          .formatted(HASH);

  private InsertStatements() {}
}
