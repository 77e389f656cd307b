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
 * <p>Laws: a user is present as long as one of their sockets is, and until the grace time after the
 * last clean close; the last {@link #setStatus} wins whatever the socket; what is not refreshed
 * within the TTL goes away by itself. Every change of the answer that {@link #get} gives is
 * published once in the cluster as a {@link PresenceChange}, in the same atomic step as the change
 * itself; going offline is found and published by {@link #reap}. Who comes back between the end of
 * their presence and the next {@link #reap} is published as present again, and never as offline.
 *
 * <p>Thread safety: every method may be called by any thread. All of them may block on the network
 * and throw {@link dev.realtime4j.api.RealtimeException} {@code UNAVAILABLE} when the store is
 * away; all of them may be repeated.
 */
public interface PresenceStore extends PresenceQueries {
  /**
   * A socket opened, or was active.
   *
   * @param ttl how long it counts without {@link #refresh}
   * @return how the user is now
   */
  Opened connected(UserId user, ServerId server, SocketId socket, Duration ttl);

  /**
   * Several sockets opened; override it where one round trip can tell of all.
   *
   * @param sockets whose each one is; they open in this order
   * @param ttl how long each counts without {@link #refresh}
   * @return how the user of each socket is after it
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
   * @param grace how long the user stays present at least, whatever becomes of their other sockets;
   *     zero when they are to leave with the last of them. It never prolongs what the closed socket
   *     itself had left
   * @return how the user is present now
   */
  Presence disconnected(UserId user, ServerId server, SocketId socket, Duration grace);

  /**
   * Sets how a connected user is present.
   *
   * @param status {@code ONLINE} or {@code BUSY}
   * @return how the user is present now; {@code OFFLINE} without a choice when they have no socket,
   *     and nothing changed
   */
  Chosen setStatus(UserId user, PresenceStatus status);

  /**
   * Prolongs sockets of one node, in batches: not one round trip per socket. A socket that the
   * store lost is written again, and so is a choice of status that it lost; of two choices the
   * later one counts.
   *
   * @param users what the node knows of the users that are connected to it
   * @param ttl how long their sockets count from now
   * @return the choice of each of these users that counts now
   */
  Map<UserId, StatusOverride> refresh(ServerId server, Map<UserId, LocalUser> users, Duration ttl);

  /**
   * Finds users whose sockets are all gone, and whose grace time has passed, and publishes for each
   * that they are {@code OFFLINE}: each going-offline once in the cluster, however many nodes call.
   *
   * @param limit how many at most
   * @return how many this call announced
   */
  int reap(int limit);

  /**
   * How a user is after one of their sockets opened.
   *
   * @param presence how they are present now
   * @param choice the choice that they made before, if they were present
   * @param sockets how many sockets they hold over all nodes, this one included
   */
  record Opened(Presence presence, StatusOverride choice, int sockets) {}

  /**
   * How a user is present after a change, and by which choice.
   *
   * @param presence how the user is present now
   * @param choice the choice that counts now, to be handed to {@link #refresh} later
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

    /** One of whom no choice is known. */
    public static LocalUser with(SocketId... sockets) {
      Objects.requireNonNull(sockets, "sockets");
      return new LocalUser(List.of(sockets), StatusOverride.NONE);
    }
  }
}
