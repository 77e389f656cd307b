package dev.realtime4j.api.presence;

import dev.realtime4j.api.Registration;
import dev.realtime4j.api.UserId;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a host asks about its users.
 *
 * <p>Thread safety: every method may be called by any thread. Reading and setting block on the
 * store; while it is unavailable, reading answers what this node knows itself and setting throws
 * {@link dev.realtime4j.api.RealtimeException} {@code UNAVAILABLE}.
 */
public interface Presences {
  /**
   * How a user is present now; their last seen time comes from the connection log when they are
   * not.
   */
  Presence get(UserId user);

  /**
   * How these users are present now.
   *
   * @return one entry for each user
   */
  Map<UserId, Presence> get(Collection<UserId> users);

  /**
   * Sets how a connected user is present, on all their devices.
   *
   * @param status {@code ONLINE} or {@code BUSY}
   * @return how the user is present now; {@code OFFLINE} when they are not connected
   */
  Presence set(UserId user, PresenceStatus status);

  /**
   * Asks the {@link PresencePolicy} again about everybody whom this user's sockets watch, on all
   * nodes: whoever may not be seen any more is {@code OFFLINE} to them from then on, whoever may be
   * seen now is shown as they are. Call it when you gave or took a right. A node that is cut off
   * asks about everybody when it is back. Returns at once.
   *
   * @param viewer who sees, not who is seen
   */
  void recheck(UserId viewer);

  /**
   * Listens to the changes of these users, wherever they are connected. Coming and going are told
   * as they happen; a status that goes to and fro between {@code ONLINE} and {@code BUSY} about
   * once a second, the last one always.
   *
   * @param listener called on a server thread, one change of a user at a time, in order
   */
  Registration watch(Collection<UserId> users, Consumer<Presence> listener);
}
