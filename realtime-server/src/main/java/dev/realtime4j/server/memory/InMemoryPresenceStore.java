package dev.realtime4j.server.memory;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceChange;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.presence.StatusChoice;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Presence in memory, under one lock. Changes are published inside it, so that they leave in the
 * order in which they happened.
 */
final class InMemoryPresenceStore implements PresenceStore {
  private final InstantSource clock;
  private final BiConsumer<String, byte[]> bus;
  private final Map<UserId, InMemoryUser> users = new HashMap<>();
  private long lastVersion;

  /**
   * @param bus takes a channel and a message
   */
  InMemoryPresenceStore(InstantSource clock, BiConsumer<String, byte[]> bus) {
    this.clock = clock;
    this.bus = bus;
  }

  @Override
  public synchronized Chosen connected(
      UserId user, ServerId server, SocketId socket, Duration ttl) {
    Instant now = now();
    InMemoryUser entry = users.computeIfAbsent(user, key -> new InMemoryUser());
    entry.opened(server, socket, now, now.plus(ttl));
    return new Chosen(announced(user, entry, now), entry.choice());
  }

  @Override
  public synchronized Presence disconnected(
      UserId user, ServerId server, SocketId socket, Duration grace) {
    Instant now = now();
    InMemoryUser entry = users.get(user);
    if (entry == null) {
      return Presence.offline(user, null);
    }
    entry.closed(server, socket, now, now.plus(grace));
    return entry.presence(user, now);
  }

  @Override
  public synchronized Chosen setStatus(UserId user, PresenceStatus status) {
    if (status == PresenceStatus.OFFLINE) {
      throw RealtimeException.badRequest("status must be ONLINE or BUSY; OFFLINE is never set");
    }
    Instant now = now();
    InMemoryUser entry = users.get(user);
    if (entry == null || entry.socketCount(now) == 0) {
      return new Chosen(Presence.offline(user, null), StatusChoice.NONE);
    }
    StatusChoice choice = entry.set(status, nextVersion());
    return new Chosen(announced(user, entry, now), choice);
  }

  @Override
  public synchronized Map<UserId, StatusChoice> refresh(
      ServerId server, Map<UserId, LocalUser> connected, Duration ttl) {
    Instant now = now();
    Map<UserId, StatusChoice> choices = new HashMap<>();
    connected.forEach(
        (user, local) -> {
          if (!local.sockets().isEmpty()) {
            choices.put(user, refreshed(server, user, local, now, now.plus(ttl)));
          }
        });
    return choices;
  }

  private StatusChoice refreshed(
      ServerId server, UserId user, LocalUser local, Instant now, Instant until) {
    InMemoryUser entry = users.computeIfAbsent(user, key -> new InMemoryUser());
    boolean lapsed = entry.isGone(now);
    local.sockets().forEach(socket -> entry.opened(server, socket, now, until));
    entry.recall(local.choice(), lapsed);
    announced(user, entry, now);
    return entry.choice();
  }

  @Override
  public synchronized Map<UserId, Presence> get(Collection<UserId> asked) {
    Instant now = now();
    Map<UserId, Presence> answer = new LinkedHashMap<>();
    for (UserId user : asked) {
      InMemoryUser entry = users.get(user);
      answer.put(user, entry == null ? Presence.offline(user, null) : entry.presence(user, now));
    }
    return answer;
  }

  @Override
  public synchronized int socketCount(UserId user) {
    InMemoryUser entry = users.get(user);
    return entry == null ? 0 : entry.socketCount(now());
  }

  @Override
  public synchronized int reap(int limit) {
    Instant now = now();
    int reaped = 0;
    Iterator<Map.Entry<UserId, InMemoryUser>> each = users.entrySet().iterator();
    while (reaped < limit && each.hasNext()) {
      Map.Entry<UserId, InMemoryUser> user = each.next();
      if (user.getValue().isGone(now)) {
        each.remove();
        publish(Presence.offline(user.getKey(), user.getValue().lastSeen()));
        reaped++;
      }
    }
    return reaped;
  }

  /** Publishes how the user is now, unless that is what was published last. */
  private Presence announced(UserId user, InMemoryUser entry, Instant now) {
    Presence presence = entry.presence(user, now);
    if (entry.announce(presence.status())) {
      publish(presence);
    }
    return presence;
  }

  private void publish(Presence presence) {
    bus.accept(
        PresenceChange.channel(presence.userId()),
        new PresenceChange(presence, nextVersion()).encoded());
  }

  private long nextVersion() {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    lastVersion = Math.max(lastVersion + 1, micros);
    return lastVersion;
  }

  /** Forgets everybody, and tells nobody. */
  synchronized void clear() {
    users.clear();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
