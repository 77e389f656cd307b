package dev.realtime4j.api.presence;

import dev.realtime4j.api.Registration;
import dev.realtime4j.api.UserId;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The presence of users, for the application.
 *
 * <p>Thread safety: every method may be called by any thread. Reading and setting block on the
 * store; while it is unavailable, reading returns only what this node knows and setting throws
 * {@link dev.realtime4j.api.RealtimeException} {@code UNAVAILABLE}.
 */
public interface Presences {
  /** A user's presence now; for a user who is offline, last seen comes from the connection log. */
  Presence get(UserId user);

  /**
   * The presence of these users now.
   *
   * @return one entry for each user
   */
  Map<UserId, Presence> get(Collection<UserId> users);

  /**
   * Sets the status of a connected user, on all their devices.
   *
   * @param status {@code ONLINE} or {@code BUSY}
   * @return the user's presence now; {@code OFFLINE} when they are not connected
   */
  Presence set(UserId user, PresenceStatus status);

  /**
   * Asks the {@link PresencePolicy} again about all users whom this user's sockets watch, on all
   * nodes: those who may no longer be seen become {@code OFFLINE} to the viewer, those who may be
   * seen now are shown as they are. Call it when you granted or revoked a right. A node that is cut
   * off asks about everybody when it is back. Returns at once.
   *
   * @param viewer who sees, not who is seen
   */
  void recheck(UserId viewer);

  /**
   * Listens to changes of these users, wherever they are connected. The listener hears of connects
   * and disconnects as they happen, and of a status that flaps between {@code ONLINE} and {@code
   * BUSY} about once a second, always including the last one.
   *
   * @param listener called on a server thread, one change of a user at a time, in order
   */
  Registration watch(Collection<UserId> users, Consumer<Presence> listener);
}
