package dev.realtime4j.api.notification;

import dev.realtime4j.api.UserId;
import java.util.List;
import java.util.function.Consumer;

/**
 * All that the store holds about a user, to be handed out or erased when they ask for it; a service
 * provider interface.
 *
 * <p>Law: after an {@link #erase} nothing of the user is left, and everything of others is.
 *
 * <p>Thread safety: every method may be called by any thread. All of them may block on the database
 * and throw {@link dev.realtime4j.api.RealtimeException} {@code UNAVAILABLE} when it does not
 * answer; all of them may be repeated.
 */
public interface NotificationUserData {
  /** Removes everything of a user, in every table of this store, and answers how many rows. */
  int erase(UserId user);

  /**
   * Hands over every notification of a user, oldest first, without holding them all in memory.
   *
   * @param sink called on the calling thread; what it throws reaches the caller
   */
  void export(UserId user, Consumer<Notification> sink);

  /** The idempotency keys of a user that are still remembered, oldest first. */
  List<IdempotencyKey> idempotencyKeys(UserId user);
}
