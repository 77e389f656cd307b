package dev.realtime4j.server.memory;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.presence.StatusChoice;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** What {@link InMemoryPresenceStore} knows of one user. Guarded by the store. */
final class InMemoryUser {
  private record Socket(ServerId server, SocketId socket) {}

  private final Map<Socket, Instant> expiries = new HashMap<>();
  private PresenceStatus status = PresenceStatus.ONLINE;
  private PresenceStatus announced = PresenceStatus.OFFLINE;
  private long choice;
  private Instant lastSeen = Instant.EPOCH;
  private Instant presentUntil = Instant.MIN;

  void opened(ServerId server, SocketId socket, Instant now, Instant until) {
    if (isGone(now)) {
      status = PresenceStatus.ONLINE;
      announced = PresenceStatus.OFFLINE; // which is what was answered since
      expiries.clear();
    }
    expiries.put(new Socket(server, socket), until);
    presentUntil = Collections.max(expiries.values());
    lastSeen = now;
  }

  void closed(ServerId server, SocketId socket, Instant now, Instant graceEnd) {
    if (expiries.remove(new Socket(server, socket)) == null) {
      return;
    }
    lastSeen = now;
    forget(now);
    // What is left may be a dead node's: the grace time holds all the same.
    Instant rest = expiries.isEmpty() ? graceEnd : Collections.max(expiries.values());
    Instant end = rest.isAfter(graceEnd) ? rest : graceEnd;
    presentUntil = end.isBefore(presentUntil) ? end : presentUntil;
  }

  StatusChoice set(PresenceStatus chosen, long version) {
    status = chosen;
    choice = version;
    return choice();
  }

  /** A node knows of a choice; it counts when it is the later one, or the user had lapsed. */
  void recall(StatusChoice known, boolean lapsed) {
    if (known.version() > choice || lapsed && known.version() == choice) {
      status = known.status();
      choice = known.version();
    }
  }

  StatusChoice choice() {
    return new StatusChoice(status, choice);
  }

  int socketCount(Instant now) {
    forget(now);
    return expiries.size();
  }

  boolean isGone(Instant now) {
    return !presentUntil.isAfter(now);
  }

  Presence presence(UserId user, Instant now) {
    return isGone(now) ? Presence.offline(user, null) : new Presence(user, status, lastSeen);
  }

  /** Remembers what watchers are told; false when they were told before. */
  boolean announce(PresenceStatus now) {
    boolean news = announced != now;
    announced = now;
    return news;
  }

  Instant lastSeen() {
    return lastSeen;
  }

  private void forget(Instant now) {
    expiries.values().removeIf(until -> !until.isAfter(now));
  }
}
