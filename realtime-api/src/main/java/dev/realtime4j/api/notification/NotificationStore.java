package dev.realtime4j.api.notification;

import dev.realtime4j.api.UserId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes notifications, each call a transaction of its own; a service provider interface.
 *
 * <p>Contract: what {@code insert} returned is stored durably; a notification and its entry in the
 * {@link NotificationOutbox} are stored together or not at all; an idempotency key is used once for
 * each user, until it is purged.
 *
 * <p>Thread safety: every method may be called by any thread. All of them may block on the database
 * and throw {@link dev.realtime4j.api.RealtimeException} {@code UNAVAILABLE} when it is
 * unavailable, and {@code BAD_REQUEST} for an id that was used before.
 */
public interface NotificationStore {
  /**
   * Stores a notification and its outbox entry.
   *
   * @param id the id to use, greater than all that the same node used before
   */
  Stored insert(NotificationId id, NewNotification notification);

  /**
   * Stores several notifications and their outbox entries in one transaction.
   *
   * @param ids one for each, in the same order
   * @return one for each, in the same order
   * @throws dev.realtime4j.api.RealtimeException {@code BAD_REQUEST} when the store cannot hold one
   *     of them; none is stored then, and each can be tried alone
   */
  List<Stored> insertAll(List<NotificationId> ids, List<NewNotification> notifications);

  /**
   * The same, but does not wait long for an open transaction that has used one of their idempotency
   * keys; override it where an insert can wait for another one.
   *
   * @param wait about how long to wait for one key at most; 1 ms to 1 s
   * @throws IdempotencyKeyHeldException when the wait was too short; none is stored then, and each
   *     can be tried alone
   */
  default List<Stored> insertAll(
      List<NotificationId> ids, List<NewNotification> notifications, Duration wait) {
    return insertAll(ids, notifications);
  }

  /**
   * Stores the same content for many receivers in one transaction.
   *
   * @param ids one for each receiver, in the same order
   * @param receivers each at most once
   * @param idempotencyKey receivers that have it already are skipped; null for none. Refused as
   *     {@link IdempotencyKey#checked} says
   * @return the new notifications
   * @throws IdempotencyConflictException when one of them has it with different content; none is
   *     stored then
   */
  List<Notification> insertForAll(
      List<NotificationId> ids,
      List<UserId> receivers,
      NotificationContent content,
      @Nullable String idempotencyKey);

  /** Deletes idempotency keys older than this, and returns how many. */
  int purgeIdempotencyKeys(Duration age);

  /**
   * What an insert did.
   *
   * @param notification the new one, or the first one of the same idempotency key; if that was
   *     deleted since, the given content under the first one's id and time
   * @param outcome which of the two
   */
  record Stored(Notification notification, Outcome outcome) {
    /** Whether an insert wrote. */
    public enum Outcome {
      /** Stored now. */
      NEW,
      /** The idempotency key was used before with the same content; nothing was written. */
      REPEATED,
      /** The idempotency key was used before with different content; nothing was written. */
      CONFLICT
    }
  }
}
