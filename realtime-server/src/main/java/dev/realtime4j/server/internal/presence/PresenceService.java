package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.Registration;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.presence.Presences;
import dev.realtime4j.server.internal.cluster.DurableCommands;
import dev.realtime4j.server.internal.cluster.RefCountedChannels;
import dev.realtime4j.server.internal.feature.ListenerDispatcher;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Presence as a host asks for it: from the store, with what the store does not know filled in from
 * the connection log, and from this node alone while the store is unavailable.
 *
 * <p>Thread safety: any thread.
 */
final class PresenceService implements Presences {
  private static final Logger log = LoggerFactory.getLogger(PresenceService.class);

  static final String RECHECK = "presence.recheck";

  /**
   * An answer and how far it can be trusted.
   *
   * @param presences one for each user asked for
   * @param freshness whether the store gave it
   */
  record Known(Map<UserId, Presence> presences, Freshness freshness) {
    /**
     * Compares it with what watchers know, and tells those what they do not.
     *
     * @param versions from before it was asked for; afterwards those of this answer
     */
    void compareWith(Map<UserId, WatchedUser> watched, Map<UserId, Long> versions) {
      if (freshness == Freshness.CURRENT) {
        WatchedUser.observe(watched, presences.values(), versions);
      } else {
        WatchedUser.assume(watched, presences.values(), versions);
      }
    }
  }

  /** Where an answer comes from. */
  enum Freshness {
    /** The store. */
    CURRENT,
    /** This node alone: the store is unavailable. */
    STALE
  }

  private final PresenceStore store;
  private final Function<Collection<UserId>, Map<UserId, Instant>> lastSeen;
  private final StoreContact contact;
  private final LocalPresence local;
  private final RefCountedChannels<UserId, WatchedUser> watches;
  private final Executor listeners;
  private final DurableCommands rechecks;

  PresenceService(
      PresenceStore store,
      Function<Collection<UserId>, Map<UserId, Instant>> lastSeen,
      StoreContact contact,
      LocalPresence local,
      RefCountedChannels<UserId, WatchedUser> watches,
      Executor listeners,
      DurableCommands rechecks) {
    this.rechecks = rechecks;
    this.store = store;
    this.lastSeen = lastSeen;
    this.contact = contact;
    this.local = local;
    this.watches = watches;
    this.listeners = listeners;
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
      contact.require();
      presences = stored(users);
    } catch (RealtimeException e) {
      contact.missed(e);
      freshness = Freshness.STALE;
      presences = new LinkedHashMap<>();
      for (UserId user : users) {
        presences.put(user, local.get(user));
      }
    }
    fillLastSeen(presences);
    return new Known(presences, freshness);
  }

  /** What the store says, in the order of the questions. */
  Map<UserId, Presence> stored(Collection<UserId> users) {
    Map<UserId, Presence> found = store.get(users);
    Map<UserId, Presence> ordered = new LinkedHashMap<>();
    for (UserId user : users) {
      ordered.put(user, found.getOrDefault(user, Presence.offline(user, null)));
    }
    return ordered;
  }

  /** Adds from the connection log when users were last seen whom the store does not know. */
  void fillLastSeen(Map<UserId, Presence> presences) {
    List<UserId> unknown =
        presences.values().stream()
            .filter(presence -> presence.lastSeen() == null)
            .map(Presence::userId)
            .toList();
    if (unknown.isEmpty()) {
      return;
    }
    try {
      Map<UserId, Instant> seen = lastSeen.apply(unknown);
      for (UserId user : unknown) {
        presences.computeIfPresent(
            user, (key, old) -> new Presence(user, old.status(), seen.get(user)));
      }
    } catch (RealtimeException e) {
      log.debug("The connection log cannot tell when users were last seen: {}", e.getMessage());
    }
  }

  /**
   * @throws RealtimeException {@code UNAVAILABLE} while the store is known to be away
   */
  void requireStore() {
    contact.require();
  }

  @Override
  public Presence set(UserId user, PresenceStatus status) {
    if (status == PresenceStatus.OFFLINE) {
      throw new InvalidValueException("status must be ONLINE or BUSY");
    }
    contact.require();
    PresenceStore.Chosen chosen = store.setStatus(user, status);
    local.remember(user, chosen.choice());
    changedHere(chosen.presence());
    return chosen.presence();
  }

  /**
   * A socket of this node changed how a user is present. The store tells all nodes, this one
   * included; while its messages do not arrive, who watches here hears it from here.
   */
  void changedHere(Presence now) {
    if (!watches.areHeard()) {
      WatchedUser watched = watches.get(now.userId());
      if (watched != null) {
        watched.observed(now, watched.version());
      }
    }
  }

  @Override
  public void recheck(UserId viewer) {
    rechecks.send(RECHECK, viewer, Json.object("user_id", viewer));
  }

  @Override
  public Registration watch(Collection<UserId> users, Consumer<Presence> listener) {
    List<UserId> copy = List.copyOf(users);
    Map<UserId, WatchedUser> held = watches.acquire(copy);
    Map<UserId, Long> versions = WatchedUser.versions(held);
    Known known = known(held.keySet());
    known.compareWith(held, versions);
    ListenerDispatcher calls = new ListenerDispatcher("A presence listener", listeners, 1);
    Consumer<Presence> told =
        presence -> calls.call(presence.userId(), () -> listener.accept(presence));
    held.values().forEach(watched -> watched.listeners().add(told));
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      if (open.getAndSet(false)) {
        held.values().forEach(watched -> watched.listeners().remove(told));
        copy.forEach(watches::release);
      }
    };
  }
}
