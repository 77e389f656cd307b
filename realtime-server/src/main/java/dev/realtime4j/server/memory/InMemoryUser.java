package dev.realtime4j.server.memory;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.presence.StatusOverride;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What {@link InMemoryPresenceStore} knows of one user. Guarded by the store. All times are in
 * milliseconds since the epoch: they change with every refresh, and are to leave no garbage.
 */
final class InMemoryUser {
  private static final class Socket {
    private final ServerId server;
    private final SocketId id;
    private long expiry;

    private Socket(ServerId server, SocketId id) {
      this.server = server;
      this.id = id;
    }

    private boolean is(ServerId other, SocketId socket) {
      return server.equals(other) && id.equals(socket);
    }
  }

  private final List<Socket> sockets = new ArrayList<>(1);
  private PresenceStatus status = PresenceStatus.ONLINE;
  private PresenceStatus announced = PresenceStatus.OFFLINE;
  private long choice;
  private long lastSeen;
  private long presentUntil = Long.MIN_VALUE;

  void opened(ServerId server, SocketId id, long now, long until) {
    if (isGone(now)) {
      status = PresenceStatus.ONLINE;
      announced = PresenceStatus.OFFLINE; // which is what was answered since
      sockets.clear();
    }
    socket(server, id).expiry = until;
    presentUntil = lastExpiry();
    lastSeen = now;
  }

  private Socket socket(ServerId server, SocketId id) {
    for (Socket known : sockets) {
      if (known.is(server, id)) {
        return known;
      }
    }
    Socket added = new Socket(server, id);
    sockets.add(added);
    return added;
  }

  void closed(ServerId server, SocketId id, long now, long graceEnd) {
    if (!sockets.removeIf(known -> known.is(server, id))) {
      return;
    }
    lastSeen = now;
    forget(now);
    // What is left may be a dead node's: the grace time holds all the same.
    presentUntil = Math.min(presentUntil, Math.max(lastExpiry(), graceEnd));
  }

  private long lastExpiry() {
    long last = Long.MIN_VALUE;
    for (Socket socket : sockets) {
      last = Math.max(last, socket.expiry);
    }
    return last;
  }

  StatusOverride set(PresenceStatus chosen, long version) {
    status = chosen;
    choice = version;
    return choice();
  }

  /** A node knows of a choice; it counts when it is the later one, or the user had lapsed. */
  void recall(StatusOverride known, boolean lapsed) {
    if (known.version() > choice || lapsed && known.version() == choice) {
      status = known.status();
      choice = known.version();
    }
  }

  StatusOverride choice() {
    return new StatusOverride(status, choice);
  }

  /** In the order of their ids. */
  List<SocketId> sockets(long now) {
    forget(now);
    return sockets.stream()
        .map(socket -> socket.id)
        .sorted(Comparator.comparing(SocketId::value))
        .toList();
  }

  int socketCount(long now) {
    forget(now);
    return sockets.size();
  }

  /** When they are gone, if nothing happens before. */
  long presentUntil() {
    return presentUntil;
  }

  boolean isGone(long now) {
    return presentUntil <= now;
  }

  Presence presence(UserId user, long now) {
    return isGone(now) ? Presence.offline(user, null) : new Presence(user, status, lastSeen());
  }

  /** Remembers what watchers are told; false when they were told before. */
  boolean announce(PresenceStatus now) {
    boolean news = announced != now;
    announced = now;
    return news;
  }

  Instant lastSeen() {
    return Instant.ofEpochMilli(lastSeen);
  }

  private void forget(long now) {
    sockets.removeIf(socket -> socket.expiry <= now);
  }
}
