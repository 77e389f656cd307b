package dev.realtime4j.jdbi;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationChanges;
import dev.realtime4j.api.notification.NotificationId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/**
 * Reads and deletes. Many rows are changed in bounded transactions: ids are found first and then
 * changed, so that each statement is planned for the partitions of these ids.
 */
final class JdbiNotificationChanges implements NotificationChanges {
  private final Database database;

  JdbiNotificationChanges(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Read> read(UserId user, NotificationId id, Instant at) {
    Instant stored = at.truncatedTo(ChronoUnit.MICROS);
    return database.transaction(
        "mark notification " + id + " as read",
        handle -> {
          int changed =
              one(
                      handle,
                      "UPDATE $schema.notification SET read_at = :at::timestamptz"
                          + " WHERE id = :id AND user_id = :user AND read_at IS NULL",
                      user,
                      id)
                  .bind("at", stored.toString())
                  .execute();
          return changed == 1
              ? Optional.of(new Read(stored, Read.Outcome.FIRST))
              : readBefore(handle, user, id);
        });
  }

  private Optional<Read> readBefore(Handle handle, UserId user, NotificationId id) {
    return handle
        .createQuery(
            database.sql(
                "SELECT read_at FROM $schema.notification"
                    + " WHERE id = :id AND user_id = :user AND read_at IS NOT NULL"))
        .bind("id", id.value())
        .bind("user", user.value())
        .map(
            (row, context) ->
                new Read(NotificationRows.instant(row, "read_at"), Read.Outcome.AGAIN))
        .findOne();
  }

  @Override
  public int readAll(UserId user, NotificationId upTo, Instant at) {
    String time = at.truncatedTo(ChronoUnit.MICROS).toString();
    int total = 0;
    UUID after = UuidTime.SMALLEST;
    while (true) {
      UUID from = after;
      Chunk chunk =
          database.transaction(
              "mark notifications of user " + user + " as read",
              handle -> {
                List<UUID> ids = unread(handle, user, from, upTo);
                int changed =
                    ids.isEmpty()
                        ? 0
                        : ids(
                                handle,
                                "UPDATE $schema.notification SET read_at = :at::timestamptz"
                                    + " WHERE id = ANY(:ids::uuid[]) AND user_id = :user"
                                    + " AND read_at IS NULL",
                                ids)
                            .bind("user", user.value())
                            .bind("at", time)
                            .execute();
                return new Chunk(ids, changed);
              });
      total += chunk.changed();
      if (chunk.ids().size() < Chunks.ROWS) {
        return total;
      }
      after = chunk.ids().get(Chunks.ROWS - 1);
    }
  }

  /** Locked in the order of id, so that two devices that read all do not lock each other out. */
  private List<UUID> unread(Handle handle, UserId user, UUID after, NotificationId upTo) {
    return handle
        .createQuery(
            database.sql(
                """
                SELECT id FROM $schema.notification
                WHERE user_id = :user AND read_at IS NULL AND id > :after AND id <= :up_to
                ORDER BY id LIMIT :limit
                FOR NO KEY UPDATE
                """))
        .bind("user", user.value())
        .bind("after", after)
        .bind("up_to", upTo.value())
        .bind("limit", Chunks.ROWS)
        .mapTo(UUID.class)
        .list();
  }

  @Override
  public boolean delete(UserId user, NotificationId id) {
    return database.transaction(
        "delete notification " + id,
        handle -> {
          boolean deleted =
              one(
                          handle,
                          "DELETE FROM $schema.notification WHERE id = :id AND user_id = :user",
                          user,
                          id)
                      .execute()
                  == 1;
          if (deleted) {
            one(
                    handle,
                    "DELETE FROM $schema.notification_outbox"
                        + " WHERE notification_id = :id AND user_id = :user",
                    user,
                    id)
                .execute();
          }
          return deleted;
        });
  }

  private Update one(Handle handle, String sql, UserId user, NotificationId id) {
    return handle.createUpdate(database.sql(sql)).bind("id", id.value()).bind("user", user.value());
  }

  private Update ids(Handle handle, String sql, List<UUID> ids) {
    return handle.createUpdate(database.sql(sql)).bindArray("ids", UUID.class, ids);
  }

  private record Chunk(List<UUID> ids, int changed) {}
}
