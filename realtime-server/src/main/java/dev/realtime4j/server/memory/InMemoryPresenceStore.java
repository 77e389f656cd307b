package dev.realtime4j.server.memory;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceChange;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.presence.StatusOverride;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
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

  /** Nobody is gone before: most calls of {@link #reap} need not look at everybody. */
  private long firstEnd = Long.MAX_VALUE;

  /**
   * @param bus takes a channel and a message
   */
  InMemoryPresenceStore(InstantSource clock, BiConsumer<String, byte[]> bus) {
    this.clock = clock;
    this.bus = bus;
  }

  @Override
  public synchronized Opened connected(
      UserId user, ServerId server, SocketId socket, Duration ttl) {
    long now = clock.millis();
    InMemoryUser entry = users.computeIfAbsent(user, key -> new InMemoryUser());
    entry.opened(server, socket, now, now + ttl.toMillis());
    endsAt(entry.presentUntil());
    return new Opened(announced(user, entry, now), entry.choice(), entry.socketCount(now));
  }

  @Override
  public synchronized Presence disconnected(
      UserId user, ServerId server, SocketId socket, Duration grace) {
    long now = clock.millis();
    InMemoryUser entry = users.get(user);
    if (entry == null) {
      return Presence.offline(user, null);
    }
    entry.closed(server, socket, now, now + grace.toMillis());
    endsAt(entry.presentUntil());
    return entry.presence(user, now);
  }

  @Override
  public synchronized Chosen setStatus(UserId user, PresenceStatus status) {
    if (status == PresenceStatus.OFFLINE) {
      throw RealtimeException.badRequest("status must be ONLINE or BUSY; OFFLINE is never set");
    }
    long now = clock.millis();
    InMemoryUser entry = users.get(user);
    if (entry == null || entry.socketCount(now) == 0) {
      return new Chosen(Presence.offline(user, null), StatusOverride.NONE);
    }
    StatusOverride choice = entry.set(status, nextVersion());
    return new Chosen(announced(user, entry, now), choice);
  }

  @Override
  public synchronized Map<UserId, StatusOverride> refresh(
      ServerId server, Map<UserId, LocalUser> connected, Duration ttl) {
    long now = clock.millis();
    Map<UserId, StatusOverride> choices = new HashMap<>();
    connected.forEach(
        (user, local) -> {
          if (!local.sockets().isEmpty()) {
            choices.put(user, refreshed(server, user, local, now, now + ttl.toMillis()));
          }
        });
    return choices;
  }

  private StatusOverride refreshed(
      ServerId server, UserId user, LocalUser local, long now, long until) {
    InMemoryUser entry = users.computeIfAbsent(user, key -> new InMemoryUser());
    boolean lapsed = entry.isGone(now);
    local.sockets().forEach(socket -> entry.opened(server, socket, now, until));
    endsAt(entry.presentUntil());
    entry.recall(local.choice(), lapsed);
    announced(user, entry, now);
    return entry.choice();
  }

  @Override
  public synchronized Map<UserId, Presence> get(Collection<UserId> asked) {
    long now = clock.millis();
    Map<UserId, Presence> answer = new LinkedHashMap<>();
    for (UserId user : asked) {
      InMemoryUser entry = users.get(user);
      answer.put(user, entry == null ? Presence.offline(user, null) : entry.presence(user, now));
    }
    return answer;
  }

  @Override
  public synchronized List<SocketId> sockets(UserId user) {
    InMemoryUser entry = users.get(user);
    return entry == null ? List.of() : entry.sockets(clock.millis());
  }

  @Override
  public synchronized int reap(int limit) {
    long now = clock.millis();
    if (now < firstEnd) {
      return 0;
    }
    firstEnd = Long.MAX_VALUE;
    int reaped = 0;
    Iterator<Map.Entry<UserId, InMemoryUser>> each = users.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<UserId, InMemoryUser> user = each.next();
      if (reaped < limit && user.getValue().isGone(now)) {
        each.remove();
        publish(Presence.offline(user.getKey(), user.getValue().lastSeen()));
        reaped++;
      } else {
        endsAt(user.getValue().presentUntil());
      }
    }
    return reaped;
  }

  private void endsAt(long end) {
    firstEnd = Math.min(firstEnd, end);
  }

  /** Publishes how the user is now, unless that is what was published last. */
  private Presence announced(UserId user, InMemoryUser entry, long now) {
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
}
