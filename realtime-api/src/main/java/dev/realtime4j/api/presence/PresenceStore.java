package dev.realtime4j.api.presence;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Keeps who is online, over all nodes; a service provider interface.
 *
 * <p>Contract: a user is present as long as one of their sockets is, and until the grace time after
 * the last clean close; the last {@link #setStatus} wins, whatever the socket; what is not
 * refreshed within the TTL expires. Every change of what {@link #get} returns is published once in
 * the cluster as a {@link PresenceChange}, in the same atomic step as the change itself; {@link
 * #reap} finds and publishes users who went offline. A user who comes back between the end of their
 * presence and the next {@link #reap} is published as present again, and never as offline.
 *
 * <p>Thread safety: every method may be called by any thread. All of them may block on the network
 * and throw {@link dev.realtime4j.api.RealtimeException} {@code UNAVAILABLE} when the store is
 * unavailable; all of them may be repeated.
 */
public interface PresenceStore extends PresenceQueries {
  /**
   * A socket opened, or was active.
   *
   * @param ttl how long it counts without {@link #refresh}
   * @return the user's presence now
   */
  Opened connected(UserId user, ServerId server, SocketId socket, Duration ttl);

  /**
   * Several sockets opened; override it where one round trip can write all of them.
   *
   * @param sockets each with its user; they open in this order
   * @param ttl how long each counts without {@link #refresh}
   * @return for each socket the presence of its user after it opened
   */
  default Map<SocketId, Opened> connectedAll(
      ServerId server, Map<SocketId, UserId> sockets, Duration ttl) {
    Map<SocketId, Opened> opened = new LinkedHashMap<>();
    sockets.forEach((socket, user) -> opened.put(socket, connected(user, server, socket, ttl)));
    return opened;
  }

  /**
   * A socket closed.
   *
   * @param grace how long the user stays present at least, whatever happens to their other sockets;
   *     zero when they should leave with the last of them. It never exceeds the time that the
   *     closed socket had left
   * @return how the user is present now
   */
  Presence disconnected(UserId user, ServerId server, SocketId socket, Duration grace);

  /**
   * Sets the status of a connected user.
   *
   * @param status {@code ONLINE} or {@code BUSY}
   * @return the user's presence now; {@code OFFLINE} without a choice when they have no socket, in
   *     which case nothing changed
   */
  Chosen setStatus(UserId user, PresenceStatus status);

  /**
   * Renews the sockets of one node, in batches, not with one round trip per socket. Writes a socket
   * or a choice of status again that the store lost; of two choices the later one counts.
   *
   * @param users what the node knows of the users that are connected to it
   * @param ttl how long their sockets count from now
   * @return the choice of each of these users that counts now
   */
  Map<UserId, StatusOverride> refresh(ServerId server, Map<UserId, LocalUser> users, Duration ttl);

  /**
   * Finds users whose sockets are all gone, and whose grace time has passed, and publishes for each
   * that they are {@code OFFLINE}: once in the cluster for each disconnect, however many nodes
   * call.
   *
   * @param limit how many at most
   * @return how many this call announced
   */
  int reap(int limit);

  /**
   * A user's presence after one of their sockets opened.
   *
   * @param presence their presence now
   * @param choice the choice that they made before, if they were present
   * @param sockets how many sockets they hold over all nodes, this one included
   */
  record Opened(Presence presence, StatusOverride choice, int sockets) {}

  /**
   * A user's presence after a change, and the choice behind it.
   *
   * @param presence the user's presence now
   * @param choice the choice that counts now, to pass to {@link #refresh} later
   */
  record Chosen(Presence presence, StatusOverride choice) {}

  /**
   * A user as one node knows them.
   *
   * @param sockets their live sockets on the node, the most recently active one last
   * @param choice the latest choice of status that the node has heard of
   */
  record LocalUser(List<SocketId> sockets, StatusOverride choice) {
    /** Keeps a copy of the sockets, in their order. */
    public LocalUser {
      sockets = List.copyOf(sockets);
    }

    /** A user without a known choice. */
    public static LocalUser with(SocketId... sockets) {
      Objects.requireNonNull(sockets, "sockets");
      return new LocalUser(List.of(sockets), StatusOverride.NONE);
    }
  }
}
