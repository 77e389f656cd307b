package dev.realtime4j.jdbi;

import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationOutbox;
import dev.realtime4j.api.notification.OutboxBacklog;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** What is committed and not yet handed to the cluster. Time is the database's. */
final class JdbiNotificationOutbox implements NotificationOutbox {
  private final Database database;

  JdbiNotificationOutbox(Database database) {
    this.database = database;
  }

  @Override
  public List<Notification> pending(Collection<NotificationId> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    return database.transaction(
        "read " + ids.size() + " notifications of the outbox",
        handle ->
            handle
                .createQuery(
                    database.sql(
                        "SELECT "
                            + NotificationRows.COLUMNS
                            + """
                               FROM $schema.notification n
                              WHERE n.id = ANY(:ids::uuid[]) AND EXISTS (
                                SELECT FROM $schema.notification_outbox o
                                WHERE o.notification_id = n.id)
                              ORDER BY n.id
                              """))
                .bindArray("ids", UUID.class, values(ids))
                .map((row, context) -> NotificationRows.read(row))
                .list());
  }

  @Override
  public List<Notification> claimOutbox(Duration lease, int limit) {
    return database.transaction(
        "claim notifications of the outbox",
        handle -> {
          List<UUID> claimed = claim(handle, lease, limit);
          if (claimed.isEmpty()) {
            return List.of();
          }
          List<Notification> found = NotificationRows.byId(handle, database.schema(), claimed);
          if (found.size() < claimed.size()) {
            // The notification went with its month, or by plain SQL: nothing is left to push.
            Set<UUID> gone = new HashSet<>(claimed);
            found.forEach(notification -> gone.remove(notification.id().value()));
            remove(handle, gone);
          }
          return found;
        });
  }

  private List<UUID> claim(Handle handle, Duration lease, int limit) {
    return handle
        .createQuery(
            database.sql(
                """
                WITH free AS MATERIALIZED (
                  SELECT notification_id FROM $schema.notification_outbox
                  WHERE coalesce(claimed_at, created_at)
                        <= clock_timestamp() - make_interval(secs => :lease)
                  ORDER BY notification_id LIMIT :limit
                  FOR UPDATE SKIP LOCKED)
                UPDATE $schema.notification_outbox o SET claimed_at = clock_timestamp()
                FROM free WHERE o.notification_id = free.notification_id
                RETURNING o.notification_id
                """))
        .bind("lease", lease.toMillis() / 1e3)
        .bind("limit", limit)
        .mapTo(UUID.class)
        .list();
  }

  /** {@inheritDoc} The oldest is the one with the smallest id: ids begin with their time. */
  @Override
  public OutboxBacklog outboxBacklog() {
    return database.transaction(
        "look into the outbox",
        handle ->
            handle
                .createQuery(
                    database.sql(
                        """
                        SELECT (SELECT count(*) FROM (
                                  SELECT FROM $schema.notification_outbox LIMIT :cap) AS o) AS waiting,
                               coalesce((SELECT greatest(0, extract(epoch FROM
                                                clock_timestamp() - created_at))
                                         FROM $schema.notification_outbox
                                         ORDER BY notification_id LIMIT 1), 0) AS seconds
                        """))
                .bind("cap", OutboxBacklog.CAP)
                .map(
                    (row, context) ->
                        new OutboxBacklog(
                            row.getInt("waiting"),
                            Duration.ofMillis(Math.round(row.getDouble("seconds") * 1e3))))
                .one());
  }

  @Override
  public void removeFromOutbox(Collection<NotificationId> ids) {
    if (!ids.isEmpty()) {
      database.transaction(
          "remove " + ids.size() + " notifications of the outbox",
          handle -> remove(handle, values(ids)));
    }
  }

  private int remove(Handle handle, Collection<UUID> ids) {
    return handle
        .createUpdate(
            database.sql(
                "DELETE FROM $schema.notification_outbox WHERE notification_id = ANY(:ids::uuid[])"))
        .bindArray("ids", UUID.class, ids)
        .execute();
  }

  private static List<UUID> values(Collection<NotificationId> ids) {
    return ids.stream().map(NotificationId::value).toList();
  }
}
