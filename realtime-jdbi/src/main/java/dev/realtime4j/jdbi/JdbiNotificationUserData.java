package dev.realtime4j.jdbi;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyKey;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationUserData;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * Exports and erases a user's rows. Those of the partitioned table are found first and then
 * deleted, so that the statement is planned for the partitions of these ids.
 */
final class JdbiNotificationUserData implements NotificationUserData {
  private static final int FETCH_SIZE = 100;

  private final Database database;
  private final IdempotencyKeys keys;

  JdbiNotificationUserData(Database database) {
    this.database = database;
    this.keys = new IdempotencyKeys(database.schema());
  }

  @Override
  public int erase(UserId user) {
    int keys = eraseFrom("notification_dedupe", user);
    int notifications =
        Chunks.all(
            database,
            "erase notifications of user " + user,
            handle -> {
              List<UUID> ids = some(handle, user);
              return ids.isEmpty() ? 0 : delete(handle, ids);
            });
    return keys + notifications + eraseFrom("notification_outbox", user);
  }

  private List<UUID> some(Handle handle, UserId user) {
    return handle
        .createQuery(
            database.sql(
                "SELECT id FROM $schema.notification WHERE user_id = :user"
                    + " ORDER BY id LIMIT :limit"))
        .bind("user", user.value())
        .bind("limit", Chunks.ROWS)
        .mapTo(UUID.class)
        .list();
  }

  private int delete(Handle handle, List<UUID> ids) {
    return handle
        .createUpdate(database.sql("DELETE FROM $schema.notification WHERE id = ANY(:ids::uuid[])"))
        .bindArray("ids", UUID.class, ids)
        .execute();
  }

  private int eraseFrom(String table, UserId user) {
    return database.transaction(
        "erase from " + table + " user " + user,
        handle ->
            handle
                .createUpdate(
                    database.sql("DELETE FROM $schema." + table + " WHERE user_id = :user"))
                .bind("user", user.value())
                .execute());
  }

  @Override
  public void export(UserId user, Consumer<Notification> sink) {
    database.once(
        "export notifications of user " + user,
        handle -> {
          handle
              .createQuery(
                  database.sql(
                      "SELECT "
                          + NotificationRows.COLUMNS
                          + " FROM $schema.notification n WHERE n.user_id = :user ORDER BY n.id"))
              .bind("user", user.value())
              .setFetchSize(FETCH_SIZE)
              .map((row, context) -> NotificationRows.read(row))
              .forEach(sink);
          return true;
        });
  }

  @Override
  public List<IdempotencyKey> idempotencyKeys(UserId user) {
    return database.transaction(
        "read the idempotency keys of user " + user, handle -> keys.of(handle, user));
  }
}
