package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.presence.PresenceStore.LocalUser;
import java.time.Duration;
import java.util.Map;

/**
 * Prolongs the sockets of this node in the store, a share of them at a time: no burst.
 *
 * <p>Thread safety: {@link #nextShare} is called by one thread at a time, {@link #all} by any.
 */
final class PresenceRefresh {
  /** All local sockets are prolonged in so many shares, one after the other. */
  static final int SHARES = 20;

  private final PresenceStore store;
  private final StoreContact contact;
  private final LocalPresence local;
  private final DisconnectReporter departures;
  private final ServerId server;
  private final Duration ttl;
  private int share;

  /**
   * @param ttl how long a socket counts without a refresh
   */
  PresenceRefresh(
      PresenceStore store,
      StoreContact contact,
      LocalPresence local,
      DisconnectReporter departures,
      ServerId server,
      Duration ttl) {
    this.store = store;
    this.contact = contact;
    this.local = local;
    this.departures = departures;
    this.server = server;
    this.ttl = ttl;
  }

  /** Prolongs the next share of the local sockets. */
  void nextShare() {
    share = (share + 1) % SHARES;
    refresh(share, SHARES);
  }

  /** Prolongs all of them. */
  void all() {
    refresh(0, 1);
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
}
