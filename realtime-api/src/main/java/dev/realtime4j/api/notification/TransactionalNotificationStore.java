package dev.realtime4j.api.notification;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationStore.Stored;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes notifications inside a transaction of the application; an optional service provider
 * interface: a store that has no database to share keeps the defaults.
 *
 * <p>Contract: a notification and its entry in the {@link NotificationOutbox} are stored if and
 * only if the transaction commits; the store never commits, rolls back or closes the transaction,
 * and leaves the settings of its connection unchanged.
 *
 * <p>Thread safety: every method may be called by any thread, and uses the transaction on that
 * thread only. All of them may block on the database and throw {@link RealtimeException} {@code
 * UNAVAILABLE} when it is unavailable.
 */
public interface TransactionalNotificationStore {
  /**
   * Stores a notification and its outbox entry inside a transaction of the application.
   *
   * @throws RealtimeException {@code BAD_REQUEST} when the store has no database that could share
   *     the transaction, as this default says, or the transaction cannot be written to or can no
   *     longer commit: closed, in auto-commit mode, read-only, failed or over. Nothing is written
   *     then
   */
  default Stored insert(Transaction transaction, NotificationId id, NewNotification notification) {
    throw RealtimeException.badRequest(
        "this store cannot be part of a transaction: send without one, or use"
            + " JdbiNotificationRepository of realtime-jdbi");
  }

  /**
   * Stores several notifications and their outbox entries inside a transaction of the application;
   * override it where one statement can do it.
   *
   * @param ids one for each, in the same order
   * @return one for each, in the same order, none of them a {@code CONFLICT}
   * @throws IdempotencyConflictException when one of the keys was used before with different
   *     content; none of them is written then. With this default the application must roll back
   *     what was written before
   * @throws RealtimeException as for one
   */
  default List<Stored> insertAll(
      Transaction transaction, List<NotificationId> ids, List<NewNotification> notifications) {
    List<Stored> all = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      Stored stored = insert(transaction, ids.get(i), notifications.get(i));
      if (stored.outcome() == Stored.Outcome.CONFLICT) {
        throw new IdempotencyConflictException(notifications.get(i).userId());
      }
      all.add(stored);
    }
    return all;
  }

  /**
   * Stores the same content for many receivers inside a transaction of the application; override it
   * where one statement can do it.
   *
   * @param ids one for each receiver, in the same order
   * @param receivers each at most once
   * @param idempotencyKey receivers that have it already are skipped; null for none
   * @return the new notifications
   * @throws IdempotencyConflictException as {@link #insertAll}
   * @throws RealtimeException as for one
   */
  default List<Notification> insertForAll(
      Transaction transaction,
      List<NotificationId> ids,
      List<UserId> receivers,
      NotificationContent content,
      @Nullable String idempotencyKey) {
    return insertAll(
            transaction,
            ids,
            receivers.stream()
                .map(user -> new NewNotification(user, content, idempotencyKey))
                .collect(Collectors.toList()))
        .stream()
        .filter(stored -> stored.outcome() == Stored.Outcome.NEW)
        .map(Stored::notification)
        .collect(Collectors.toList());
  }

  /**
   * {@link NotificationCatchUp#time()} without another connection, in a transaction of the
   * application; override both or neither.
   *
   * @throws RealtimeException as {@link #insert}
   */
  default Optional<Instant> time(Transaction transaction) {
    return Optional.empty();
  }
}
