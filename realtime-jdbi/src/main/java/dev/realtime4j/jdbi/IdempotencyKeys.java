package dev.realtime4j.jdbi;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyKey;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationStore.Stored;
import dev.realtime4j.api.notification.NotificationStore.Stored.Outcome;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Which notification an idempotency key was first used for. */
final class IdempotencyKeys {
  private static final String FIRST =
      """
      SELECT g.position, d.notification_id, d.created_at, d.content_hash = g.hash AS same
      FROM (
        SELECT position, user_id, key, %s AS hash
        FROM unnest(:users::uuid[], :types::text[], :titles::text[], :bodies::text[],
                    :data::text[], :keys::text[])
          WITH ORDINALITY AS u(user_id, type, title, body, data, key, position)) AS g
      JOIN $schema.notification_dedupe d
        ON d.user_id = g.user_id AND d.idempotency_key = g.key
      """
          .formatted(InsertStatements.HASH);

  private static final String CONFLICT =
      """
      SELECT d.user_id
      FROM (SELECT %s AS hash FROM (
              SELECT :type::text AS type, :title::text AS title, :body::text AS body,
                     :data::jsonb AS data) AS given) AS content
      JOIN $schema.notification_dedupe d ON d.content_hash <> content.hash
      WHERE d.user_id = ANY(:users::uuid[]) AND d.idempotency_key = :key
      LIMIT 1
      """
          .formatted(InsertStatements.HASH);

  private final RealtimeSchema schema;

  IdempotencyKeys(RealtimeSchema schema) {
    this.schema = schema;
  }

  /** The keys of a user, oldest first. */
  List<IdempotencyKey> of(Handle handle, UserId user) {
    return handle
        .createQuery(
            schema.sql(
                """
                SELECT idempotency_key, notification_id, created_at
                FROM $schema.notification_dedupe WHERE user_id = :user
                ORDER BY created_at, idempotency_key
                """))
        .bind("user", user.value())
        .map(
            (row, context) ->
                new IdempotencyKey(
                    row.getString("idempotency_key"),
                    new NotificationId(NotificationRows.uuid(row, "notification_id")),
                    NotificationRows.instant(row, "created_at")))
        .list();
  }

  /** One of these users who has the key with another content. */
  Optional<UserId> conflict(
      Handle handle, Collection<UserId> users, NotificationContent content, String key) {
    return handle
        .createQuery(schema.sql(CONFLICT))
        .bindArray("users", UUID.class, users.stream().map(UserId::value).toList())
        .bind("type", content.type().name())
        .bind("title", content.title())
        .bind("body", content.body())
        .bind("data", content.data().text())
        .bind("key", key)
        .map((row, context) -> new UserId(NotificationRows.uuid(row, "user_id")))
        .findFirst();
  }

  private record First(int index, UUID id, Instant at, Outcome outcome) {}

  /**
   * The first notification of the key of each of these, in a statement of its own: only a new
   * snapshot sees what the transaction stored that an insert has waited for.
   *
   * @param repeated indexes into {@code notifications}
   * @return by index; without those whose key is gone again
   */
  Map<Integer, Stored> first(
      Handle handle, List<NewNotification> notifications, List<Integer> repeated) {
    Query query = handle.createQuery(schema.sql(FIRST));
    NotificationColumns.bind(query, repeated.stream().map(notifications::get).toList());
    List<First> found =
        query
            .map(
                (row, context) ->
                    new First(
                        repeated.get(row.getInt("position") - 1),
                        NotificationRows.uuid(row, "notification_id"),
                        NotificationRows.instant(row, "created_at"),
                        row.getBoolean("same") ? Outcome.REPEATED : Outcome.CONFLICT))
            .list();
    Map<UUID, Notification> alive = new HashMap<>();
    for (Notification notification :
        NotificationRows.byId(handle, schema, found.stream().map(First::id).toList())) {
      alive.put(notification.id().value(), notification);
    }
    Map<Integer, Stored> stored = new HashMap<>();
    for (First first : found) {
      NewNotification given = notifications.get(first.index());
      // Deleted since, or its month dropped: what was given, under the first id and time.
      Notification gone =
          new Notification(
              new NotificationId(first.id()), given.userId(), given.content(), null, first.at());
      Notification notification = alive.getOrDefault(first.id(), gone);
      stored.put(first.index(), new Stored(notification, first.outcome()));
    }
    return stored;
  }
}
