package dev.realtime4j.api.presence;

import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Reads who is online, over all nodes; the part of {@link PresenceStore} that changes nothing.
 *
 * <p>Thread safety: every method may be called by any thread. All of them may block on the network
 * and throw {@link dev.realtime4j.api.RealtimeException} {@code UNAVAILABLE} when the store is
 * unavailable; all of them may be repeated.
 */
public interface PresenceQueries {
  /**
   * The presence of these users now. A user that the store does not know is {@code OFFLINE} without
   * a time.
   *
   * @return one entry for each user
   */
  Map<UserId, Presence> get(Collection<UserId> users);

  /**
   * The sockets that the user holds over all nodes, in the order of their ids, which for those of a
   * node is the order in which they opened.
   */
  List<SocketId> sockets(UserId user);

  /** How many sockets the user holds over all nodes. */
  default int socketCount(UserId user) {
    return sockets(user).size();
  }
}
