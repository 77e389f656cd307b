package dev.realtime4j.api.notification;

import dev.realtime4j.api.UserId;
import java.util.List;
import java.util.function.Consumer;

/**
 * Exports or erases all that the store holds about a user; a service provider interface.
 *
 * <p>Contract: after an {@link #erase} nothing of the user is left, and everything of others still
 * is.
 *
 * <p>Thread safety: every method may be called by any thread. All of them may block on the database
 * and throw {@link dev.realtime4j.api.RealtimeException} {@code UNAVAILABLE} when it is
 * unavailable; all of them may be repeated.
 */
public interface NotificationUserData {
  /** Removes everything of a user, in every table of this store, and returns the number of rows. */
  int erase(UserId user);

  /**
   * Hands over every notification of a user, oldest first, without holding them all in memory.
   *
   * @param sink called on the calling thread; its exceptions reach the caller
   */
  void export(UserId user, Consumer<Notification> sink);

  /** The idempotency keys of a user that are still remembered, oldest first. */
  List<IdempotencyKey> idempotencyKeys(UserId user);
}
