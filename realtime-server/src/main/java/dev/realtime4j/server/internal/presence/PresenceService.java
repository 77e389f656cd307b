package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.Registration;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.presence.Presences;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Presence as a host asks for it: from the store, with what the store does not know filled in from
 * the connection log, and from this node alone while the store is away.
 *
 * <p>Thread safety: any thread.
 */
final class PresenceService implements Presences {
  private static final Logger log = LoggerFactory.getLogger(PresenceService.class);

  /**
   * An answer and how far it can be trusted.
   *
   * @param presences one for each user asked for
   * @param freshness whether the store gave it
   */
  record Known(Map<UserId, Presence> presences, Freshness freshness) {}

  /** Where an answer comes from. */
  enum Freshness {
    /** The store. */
    CURRENT,
    /** This node alone: the store is away. */
    STALE
  }

  private final PresenceStore store;
  private final ConnectionLog connectionLog;
  private final LocalPresence local;
  private final WatchTable watches;
  private final ServerId server;
  private volatile boolean away;
  private volatile boolean returned;

  PresenceService(
      PresenceStore store,
      ConnectionLog connectionLog,
      LocalPresence local,
      WatchTable watches,
      ServerId server) {
    this.store = store;
    this.connectionLog = connectionLog;
    this.local = local;
    this.watches = watches;
    this.server = server;
  }

  @Override
  public Presence get(UserId user) {
    Presence presence = get(List.of(user)).get(user);
    return presence == null ? Presence.offline(user, null) : presence;
  }

  @Override
  public Map<UserId, Presence> get(Collection<UserId> users) {
    return known(users).presences;
  }

  Known known(Collection<UserId> users) {
    Map<UserId, Presence> presences;
    Freshness freshness = Freshness.CURRENT;
    try {
      presences = inOrder(users, store.get(users));
      reached();
    } catch (RealtimeException e) {
      missed(e);
      freshness = Freshness.STALE;
      presences = new LinkedHashMap<>();
      for (UserId user : users) {
        presences.put(user, local.get(user));
      }
    }
    fillLastSeen(presences);
    return new Known(presences, freshness);
  }

  /** The answers in the order of the questions. */
  private static Map<UserId, Presence> inOrder(
      Collection<UserId> users, Map<UserId, Presence> found) {
    Map<UserId, Presence> ordered = new LinkedHashMap<>();
    for (UserId user : users) {
      ordered.put(user, found.getOrDefault(user, Presence.offline(user, null)));
    }
    return ordered;
  }

  private void fillLastSeen(Map<UserId, Presence> presences) {
    List<UserId> unknown =
        presences.values().stream()
            .filter(presence -> presence.lastSeen() == null)
            .map(Presence::userId)
            .toList();
    if (unknown.isEmpty()) {
      return;
    }
    try {
      Map<UserId, Instant> seen = connectionLog.lastSeen(unknown);
      for (UserId user : unknown) {
        presences.computeIfPresent(
            user, (key, old) -> new Presence(user, old.status(), seen.get(user)));
      }
    } catch (RealtimeException e) {
      log.debug("The connection log cannot tell when users were last seen: {}", e.getMessage());
    }
  }

  @Override
  public Presence set(UserId user, PresenceStatus status) {
    if (status == PresenceStatus.OFFLINE) {
      throw RealtimeException.badRequest("status must be ONLINE or BUSY");
    }
    return store.setStatus(user, status);
  }

  @Override
  public Registration watch(Collection<UserId> users, Consumer<Presence> listener) {
    List<UserId> copy = List.copyOf(users);
    Map<UserId, Watched> held = watches.hold(copy);
    held.values().forEach(watched -> watched.listeners().add(listener));
    return () -> {
      held.values().forEach(watched -> watched.listeners().remove(listener));
      watches.release(copy);
    };
  }

  /** Writes every local socket again, prolonged. */
  void refresh(Duration ttl) {
    try {
      store.refresh(server, local.sockets(), ttl);
      reached();
    } catch (RealtimeException e) {
      missed(e);
    }
  }

  /** Announces who has gone offline, wherever he was. */
  void reap(int limit) {
    try {
      while (store.reap(limit) == limit) {
        log.debug("Reaped {} users; more are due", limit);
      }
      reached();
    } catch (RealtimeException e) {
      missed(e);
    }
  }

  /** Whether the store answered last time. */
  boolean isAway() {
    return away;
  }

  /** Whether the store came back since this was asked last. */
  boolean hasReturned() {
    boolean now = returned;
    returned = false;
    return now;
  }

  void missed(RealtimeException e) {
    if (!away) {
      away = true;
      log.warn("The presence store is away: {}", e.getMessage());
    }
  }

  private void reached() {
    if (away) {
      away = false;
      returned = true;
      log.info("The presence store is back");
    }
  }
}
