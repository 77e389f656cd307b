package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.presence.PresenceStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does for presence again and again: it announces who has gone, and asks the store
 * again where its watchers may have missed something.
 *
 * <p>After an outage every node needs a moment to write its own users again. Until then nobody is
 * announced as gone, and nobody is believed to be gone because the store does not know them.
 *
 * <p>Thread safety: {@link #reapTick} is called by one thread at a time, the rest by any.
 */
final class PresenceUpkeep {
  private static final Logger log = LoggerFactory.getLogger(PresenceUpkeep.class);
  private static final int REAPED_AT_ONCE = 1000;

  private final PresenceStore store;
  private final StoreContact contact;
  private final PresenceRefresh refresh;
  private final PresenceWatchers watching;
  private final Duration ttl;
  private final InstantSource clock;
  private volatile boolean gap;
  private @Nullable Instant lookAt;

  /**
   * @param ttl how long a socket counts without a refresh
   */
  PresenceUpkeep(
      PresenceStore store,
      StoreContact contact,
      PresenceRefresh refresh,
      PresenceWatchers watching,
      Duration ttl,
      InstantSource clock) {
    this.store = store;
    this.contact = contact;
    this.refresh = refresh;
    this.watching = watching;
    this.ttl = ttl;
    this.clock = clock;
  }

  /** The bus may have lost changes. */
  void gap() {
    gap = true;
  }

  /** The store has lost what this node wrote, and what others wrote as well. */
  void stateLost() {
    refresh.all();
    lookIn(ttl);
  }

  /** Announces who has gone, wherever they were, and closes what a gap swallowed. */
  void reapTick() {
    reap();
    if (contact.hasReturned() | gap) {
      gap = false;
      refresh.all();
      look(PresenceWatchers.Trust.PRESENCE);
      lookIn(ttl.dividedBy(2));
    }
    if (isLookDue()) {
      look(PresenceWatchers.Trust.ALL);
    }
  }

  /** This asks every part of the store, and so it alone finds that the store is back. */
  private void reap() {
    int limit = contact.isSteadyFor(ttl.dividedBy(4)) ? REAPED_AT_ONCE : 0;
    try {
      while (store.reap(limit) == limit && limit > 0) {
        log.debug("Reaped {} users; more are due", limit);
      }
      contact.reached();
    } catch (RealtimeException e) {
      contact.missed(e);
    }
  }

  private void look(PresenceWatchers.Trust believe) {
    try {
      watching.look(believe);
    } catch (RealtimeException e) {
      contact.missed(e); // Its return is followed by another look.
    }
  }

  /** Never sooner than somebody else asked for. */
  private synchronized void lookIn(Duration time) {
    Instant asked = clock.instant().plus(time);
    lookAt = lookAt == null || lookAt.isBefore(asked) ? asked : lookAt;
  }

  private synchronized boolean isLookDue() {
    if (lookAt == null || clock.instant().isBefore(lookAt)) {
      return false;
    }
    lookAt = null;
    return true;
  }
}
