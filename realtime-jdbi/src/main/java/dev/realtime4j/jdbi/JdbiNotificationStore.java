package dev.realtime4j.jdbi;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyKeyHeldException;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Writes notifications in transactions of its own. */
final class JdbiNotificationStore implements NotificationStore {
  private final Database database;
  private final Partitions partitions;
  private final NotificationInserts inserts;

  JdbiNotificationStore(Database database, Partitions partitions, NotificationInserts inserts) {
    this.database = database;
    this.partitions = partitions;
    this.inserts = inserts;
  }

  @Override
  public Stored insert(NotificationId id, NewNotification notification) {
    return insertAll(List.of(id), List.of(notification)).get(0);
  }

  @Override
  public List<Stored> insertAll(List<NotificationId> ids, List<NewNotification> notifications) {
    return insertAll(ids, notifications, handle -> {});
  }

  @Override
  public List<Stored> insertAll(
      List<NotificationId> ids, List<NewNotification> notifications, Duration wait) {
    if (notifications.stream().allMatch(it -> it.idempotencyKey() == null)) {
      return insertAll(ids, notifications); // They wait for nobody.
    }
    try {
      return insertAll(
          ids,
          notifications,
          handle -> handle.execute("SET LOCAL lock_timeout = " + Math.max(1, wait.toMillis())));
    } catch (RealtimeException e) {
      SQLException sql = SqlErrors.find(e);
      if (sql != null && SqlErrors.is(sql, SqlErrors.LOCK_NOT_OBTAINED)) {
        throw new IdempotencyKeyHeldException(
            "could not "
                + NotificationInserts.what(ids)
                + ": an open transaction holds an idempotency key",
            sql);
      }
      throw e;
    }
  }

  private List<Stored> insertAll(
      List<NotificationId> ids, List<NewNotification> notifications, Consumer<Handle> begin) {
    NotificationInserts.requireOneEach(ids, notifications);
    if (ids.isEmpty()) {
      return List.of();
    }
    return writing(
        NotificationInserts.what(ids),
        ids,
        handle -> {
          begin.accept(handle);
          return inserts.insert(handle, ids, notifications);
        });
  }

  @Override
  public List<Notification> insertForAll(
      List<NotificationId> ids,
      List<UserId> receivers,
      NotificationContent content,
      @Nullable String idempotencyKey) {
    NotificationInserts.checkForAll(ids, receivers, idempotencyKey);
    if (ids.isEmpty()) {
      return List.of();
    }
    return writing(
        NotificationInserts.whatForAll(ids),
        ids,
        handle -> inserts.insertForAll(handle, ids, receivers, content, idempotencyKey));
  }

  private <T> T writing(String what, List<NotificationId> ids, Database.Work<T> work) {
    return partitions.writing(
        NotificationInserts.values(ids), () -> database.transaction(what, work));
  }

  @Override
  public int purgeIdempotencyKeys(Duration age) {
    return Chunks.all(
        database,
        "purge idempotency keys",
        handle -> {
          Partitions.lockTimeout(handle, Partitions.LOCK_TIMEOUT);
          return handle
              .createUpdate(
                  database.sql(
                      """
                      DELETE FROM $schema.notification_dedupe WHERE ctid = ANY(ARRAY(
                        SELECT ctid FROM $schema.notification_dedupe
                        WHERE created_at <= now() - make_interval(secs => :age)
                        LIMIT :limit))
                      """))
              .bind("age", age.toMillis() / 1e3)
              .bind("limit", Chunks.ROWS)
              .execute();
        });
  }
}
