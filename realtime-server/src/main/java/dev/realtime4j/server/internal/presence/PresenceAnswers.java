package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.presence.PresenceStore;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How users are present: from the store, with what the store does not know filled in from the
 * connection log, and from this node alone while the store is unavailable.
 *
 * <p>Thread safety: any thread.
 */
final class PresenceAnswers {
  private static final Logger log = LoggerFactory.getLogger(PresenceAnswers.class);

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

  /**
   * @param lastSeen asks when users were last seen; what it does not know is left out
   */
  PresenceAnswers(
      PresenceStore store,
      Function<Collection<UserId>, Map<UserId, Instant>> lastSeen,
      StoreContact contact,
      LocalPresence local) {
    this.store = store;
    this.lastSeen = lastSeen;
    this.contact = contact;
    this.local = local;
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
   * @throws RealtimeException {@code UNAVAILABLE} while the store is known to be unavailable
   */
  void requireStore() {
    contact.require();
  }

  /**
   * How a user is present after they chose to be so, on all their devices.
   *
   * @throws RealtimeException {@code UNAVAILABLE} when the store is
   */
  Presence choose(UserId user, PresenceStatus status) {
    contact.require();
    PresenceStore.Chosen chosen = store.setStatus(user, status);
    local.remember(user, chosen.choice());
    return chosen.presence();
  }
}
