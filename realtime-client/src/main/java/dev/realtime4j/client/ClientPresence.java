package dev.realtime4j.client;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Presence, as a client uses it. Changes of watched users reach {@link RealtimeClient#onPresence}.
 *
 * <p>Futures fail with {@link dev.realtime4j.api.RealtimeException}, see {@link
 * RealtimeClient#call}. Thread safety: any thread; nothing blocks.
 */
public interface ClientPresence {
  /**
   * Sets the user's status, on all devices, and sets it again after each reconnect.
   *
   * @param status {@code ONLINE} or {@code BUSY}
   * @throws dev.realtime4j.api.InvalidValueException for {@code OFFLINE}
   */
  CompletableFuture<Presence> set(PresenceStatus status);

  /**
   * The presence of these users now.
   *
   * @param users 1 or more; more than 200 are asked for in several calls
   * @return one entry for each, in the given order
   */
  CompletableFuture<Map<UserId, Presence>> get(Collection<UserId> users);

  /** The presence of this user now. */
  CompletableFuture<Presence> get(UserId user);

  /**
   * Watches these users from now on, over reconnects, until {@link #unwatch}. After a gap you hear
   * of users who changed meanwhile.
   *
   * @param users 1 or more, in calls of 200; a server allows 1,000 in all by default. When one of
   *     the calls is refused, the future fails and the users of the others are watched
   * @return their presence now
   */
  CompletableFuture<Map<UserId, Presence>> watch(Collection<UserId> users);

  /**
   * Watches these users no longer.
   *
   * @param users 1 or more, in calls of 200
   */
  CompletableFuture<Void> unwatch(Collection<UserId> users);
}
