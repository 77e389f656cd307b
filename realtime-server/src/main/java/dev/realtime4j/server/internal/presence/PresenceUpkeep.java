package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.presence.PresenceStore.LocalUser;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does for presence again and again: it prolongs its own sockets, announces who has
 * gone, and asks the store again where its watchers may have missed something.
 *
 * <p>After an outage every node needs a moment to write its own users again. Until then nobody is
 * announced as gone, and nobody is believed to be gone because the store does not know him.
 *
 * <p>Thread safety: {@link #refreshShare} and {@link #reapTick} are called by one thread at a time
 * each, the rest by any.
 */
final class PresenceUpkeep {
  private static final Logger log = LoggerFactory.getLogger(PresenceUpkeep.class);
  private static final int REAPED_AT_ONCE = 1000;

  /** All local sockets are prolonged in so many shares, one after the other: no burst. */
  static final int SHARES = 20;

  private final PresenceStore store;
  private final StoreContact contact;
  private final LocalPresence local;
  private final Departures departures;
  private final Watching watching;
  private final ServerId server;
  private final Duration ttl;
  private final InstantSource clock;
  private int share;
  private volatile boolean gap;
  private @Nullable Instant lookAt;

  /**
   * @param ttl how long a socket counts without a refresh
   */
  PresenceUpkeep(
      PresenceStore store,
      StoreContact contact,
      LocalPresence local,
      Departures departures,
      Watching watching,
      ServerId server,
      Duration ttl,
      InstantSource clock) {
    this.store = store;
    this.contact = contact;
    this.local = local;
    this.departures = departures;
    this.watching = watching;
    this.server = server;
    this.ttl = ttl;
    this.clock = clock;
  }

  /** Prolongs the next share of the local sockets. */
  void refreshShare() {
    share = (share + 1) % SHARES;
    refresh(share, SHARES);
  }

  private void refresh(int share, int shares) {
    try {
      Map<UserId, LocalUser> written = local.users(share, shares);
      store.refresh(server, written, ttl).forEach(local::remember);
      written.forEach(this::leaveAgain);
    } catch (RealtimeException e) {
      contact.missed(e);
    }
  }

  /** What closed meanwhile may have left the store before it was written there once more. */
  private void leaveAgain(UserId user, LocalUser written) {
    for (SocketId socket : written.sockets()) {
      if (!local.isOpen(user, socket)) {
        departures.left(user, socket);
      }
    }
  }

  /** The bus may have lost changes. */
  void gap() {
    gap = true;
  }

  /** The store has lost what this node wrote, and what others wrote as well. */
  void forgotten() {
    refresh(0, 1);
    lookIn(ttl);
  }

  /** Announces who has gone, wherever he was, and closes what a gap swallowed. */
  void reapTick() {
    reap();
    if (contact.hasReturned() | gap) {
      gap = false;
      refresh(0, 1);
      look(Watching.Believe.PRESENCE);
      lookIn(ttl.dividedBy(2));
    }
    if (isLookDue()) {
      look(Watching.Believe.ALL);
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

  private void look(Watching.Believe believe) {
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
