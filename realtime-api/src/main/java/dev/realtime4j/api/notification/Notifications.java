package dev.realtime4j.api.notification;

import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import java.sql.Connection;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Durable notifications, for the application: sending, reading and deleting them.
 *
 * <p>Once {@code send} has returned, the notification is stored and reaches every device of its
 * receiver exactly once, whatever node or connection fails meanwhile. Methods that read and change
 * take the user first; another user's notification is not found.
 *
 * <p>Thread safety: every method may be called by any thread. All but {@link #sendAsync} block on
 * the store. They throw {@link dev.realtime4j.api.RealtimeException}: {@code UNAVAILABLE} when the
 * store is unavailable (the notification may or may not be stored: repeat with an idempotency key),
 * {@code BAD_REQUEST} for invalid content.
 */
public interface Notifications {
  /**
   * Stores a notification, then pushes it to all of the receiver's sockets on all nodes.
   *
   * @throws IdempotencyConflictException when the idempotency key was used before with different
   *     content; every method that sends with a key throws it
   */
  Notification send(NewNotification notification);

  /**
   * Sends within a transaction of the application: stored and pushed if it commits, never seen by
   * anyone if it does not.
   *
   * @param transaction open, with auto-commit off; never committed, rolled back or closed here
   * @throws dev.realtime4j.api.RealtimeException {@code BAD_REQUEST} when it cannot be written to
   *     or can no longer commit: closed, in auto-commit mode, read-only, failed or over. Nothing is
   *     written then
   */
  PendingPush send(Transaction transaction, NewNotification notification);

  /** {@link #send(Transaction, NewNotification)} for a bare connection. */
  default PendingPush send(Connection connection, NewNotification notification) {
    return send(Transaction.of(connection), notification);
  }

  /**
   * Sends several within a transaction of the application, with one statement for all.
   *
   * @param transaction as for one
   * @param notifications at most 1,000
   * @return one notification for each, in the same order; for a repeated idempotency key the
   *     notification that was sent first, which is not pushed again
   * @throws IdempotencyConflictException when one of the keys was used before with different
   *     content; none of them is written then
   */
  default PendingPushes send(Transaction transaction, Collection<NewNotification> notifications) {
    return PendingList.of(
        notifications.stream().map(it -> send(transaction, it)).collect(Collectors.toList()));
  }

  /** {@link #send(Transaction, Collection)} for a bare connection. */
  default PendingPushes send(Connection connection, Collection<NewNotification> notifications) {
    return send(Transaction.of(connection), notifications);
  }

  /**
   * Sends without blocking; concurrent callers share a commit.
   *
   * @return completes on a server thread after the commit; fails with {@code UNAVAILABLE} at once
   *     when the bounded queue is full
   */
  CompletableFuture<Notification> sendAsync(NewNotification notification);

  /**
   * Sends the same to many receivers, in bounded transactions. If it fails half-way, repeat it with
   * the same key: receivers that already have it are skipped.
   *
   * @param receivers at most 100,000; repeated ones count once
   * @param idempotencyKey 1 to 255 characters; names this sending
   * @return how many received it now
   */
  int sendAll(Collection<UserId> receivers, NotificationContent content, String idempotencyKey);

  /**
   * Sends the same to many receivers within a transaction of the application, with one statement
   * for all. It holds a lock on the idempotency key of each until the transaction ends: keep it
   * short.
   *
   * @param transaction as for one
   * @param receivers at most 10,000; repeated ones count once
   * @param idempotencyKey 1 to 255 characters; names this sending
   * @return the new notifications, of receivers that did not have it already
   * @throws IdempotencyConflictException when one of them has the key with different content; none
   *     is written then
   */
  default PendingPushes sendAll(
      Transaction transaction,
      Collection<UserId> receivers,
      NotificationContent content,
      String idempotencyKey) {
    return send(
        transaction,
        receivers.stream()
            .distinct()
            .sorted()
            .map(user -> new NewNotification(user, content, idempotencyKey))
            .collect(Collectors.toList()));
  }

  /** {@link #sendAll(Transaction, Collection, NotificationContent, String)} for a connection. */
  default PendingPushes sendAll(
      Connection connection,
      Collection<UserId> receivers,
      NotificationContent content,
      String idempotencyKey) {
    return sendAll(Transaction.of(connection), receivers, content, idempotencyKey);
  }

  /** A user's notifications, newest first. */
  Page<Notification> list(UserId user, NotificationFilter filter, PageRequest page);

  /** How many of a user's notifications are unread. */
  UnreadCount unreadCount(UserId user);

  /**
   * Marks one as read, on all of the user's devices.
   *
   * @return how many are unread now
   * @throws dev.realtime4j.api.RealtimeException {@code NOT_FOUND} when the user has no such
   *     notification
   */
  UnreadCount read(UserId user, NotificationId id);

  /**
   * Marks everything up to one as read, on all of the user's devices.
   *
   * @return how many became read
   */
  int readAll(UserId user, NotificationId upTo);

  /**
   * Deletes one, on all of the user's devices.
   *
   * @return how many are unread now
   * @throws dev.realtime4j.api.RealtimeException {@code NOT_FOUND} when the user has no such
   *     notification
   */
  UnreadCount delete(UserId user, NotificationId id);
}
