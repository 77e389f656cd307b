package dev.realtime4j.api.notification;

import dev.realtime4j.api.UserId;
import java.time.Instant;
import java.util.Optional;

/**
 * Reading and deleting a user's notifications; a service provider interface.
 *
 * <p>Contract: another user's notification is not found.
 *
 * <p>Thread safety: every method may be called by any thread. All of them may block on the database
 * and throw {@link dev.realtime4j.api.RealtimeException} {@code UNAVAILABLE} when it is
 * unavailable; all of them may be repeated.
 */
public interface NotificationChanges {
  /**
   * Marks a notification as read; the first read wins.
   *
   * @return when it was first read and by which call; empty when the user has no such notification
   */
  Optional<Read> read(UserId user, NotificationId id, Instant at);

  /**
   * Marks everything up to a notification as read, in bounded transactions.
   *
   * @param upTo the newest one to mark; need not exist
   * @return how many became read
   */
  int readAll(UserId user, NotificationId upTo, Instant at);

  /**
   * Deletes a notification and its outbox entry; its idempotency key stays used.
   *
   * @return false when the user has no such notification
   */
  boolean delete(UserId user, NotificationId id);

  /**
   * What a read did.
   *
   * @param readAt when it was first read
   * @param outcome whether that was now
   */
  record Read(Instant readAt, Outcome outcome) {
    /** Whether a read changed something. */
    public enum Outcome {
      /** It was unread. */
      FIRST,
      /** It had been read before. */
      AGAIN
    }
  }
}
