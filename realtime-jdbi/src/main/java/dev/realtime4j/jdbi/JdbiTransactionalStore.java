package dev.realtime4j.jdbi;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyConflictException;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationStore.Stored;
import dev.realtime4j.api.notification.NotificationStore.Stored.Outcome;
import dev.realtime4j.api.notification.Transaction;
import dev.realtime4j.api.notification.TransactionalNotificationStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Writes notifications into transactions of the application, on its connections. */
final class JdbiTransactionalStore implements TransactionalNotificationStore {
  private final Database database;
  private final Partitions partitions;
  private final NotificationInserts inserts;

  JdbiTransactionalStore(Database database, Partitions partitions, NotificationInserts inserts) {
    this.database = database;
    this.partitions = partitions;
    this.inserts = inserts;
  }

  @Override
  public Stored insert(Transaction transaction, NotificationId id, NewNotification notification) {
    return partitions.joining(
        () ->
            database.join(
                transaction,
                "store notification " + id,
                handle -> {
                  partitions.ensure(handle, id.value());
                  return inserts.insert(handle, List.of(id), List.of(notification)).get(0);
                }));
  }

  @Override
  public List<Stored> insertAll(
      Transaction transaction, List<NotificationId> ids, List<NewNotification> notifications) {
    NotificationInserts.requireOneEach(ids, notifications);
    if (ids.isEmpty()) {
      return List.of();
    }
    return joined(
        transaction,
        NotificationInserts.what(ids),
        ids,
        handle -> {
          List<Stored> stored = inserts.insert(handle, ids, notifications);
          for (Stored one : stored) {
            if (one.outcome() == Outcome.CONFLICT) {
              throw new IdempotencyConflictException(one.notification().userId());
            }
          }
          return stored;
        });
  }

  @Override
  public List<Notification> insertForAll(
      Transaction transaction,
      List<NotificationId> ids,
      List<UserId> receivers,
      NotificationContent content,
      @Nullable String idempotencyKey) {
    NotificationInserts.checkForAll(ids, receivers, idempotencyKey);
    if (ids.isEmpty()) {
      return List.of();
    }
    return joined(
        transaction,
        NotificationInserts.whatForAll(ids),
        ids,
        handle -> inserts.insertForAll(handle, ids, receivers, content, idempotencyKey));
  }

  /** Several in a transaction of the application: all of them or, at a conflict of keys, none. */
  private <T> T joined(
      Transaction transaction, String what, List<NotificationId> ids, Database.Work<T> work) {
    return partitions.joining(
        () ->
            database.join(
                transaction,
                what,
                handle -> {
                  ids.forEach(id -> partitions.ensure(handle, id.value()));
                  try {
                    return work.in(handle);
                  } catch (IdempotencyConflictException e) {
                    takeBack(handle, ids);
                    throw e;
                  }
                }));
  }

  /** None or all, also in a transaction that goes on and that we may not roll back. */
  private void takeBack(Handle handle, List<NotificationId> ids) {
    handle
        .createUpdate(
            database.sql(
                """
                WITH gone AS (
                  DELETE FROM $schema.notification WHERE id = ANY(:ids::uuid[])),
                unqueued AS (
                  DELETE FROM $schema.notification_outbox WHERE notification_id = ANY(:ids::uuid[]))
                DELETE FROM $schema.notification_dedupe
                WHERE (user_id, notification_id) IN (
                  SELECT user_id, id FROM $schema.notification WHERE id = ANY(:ids::uuid[]))
                """))
        .bindArray("ids", UUID.class, NotificationInserts.values(ids))
        .execute();
  }

  @Override
  public Optional<Instant> time(Transaction transaction) {
    return Optional.of(database.join(transaction, "store a notification", DatabaseClock::now));
  }
}
