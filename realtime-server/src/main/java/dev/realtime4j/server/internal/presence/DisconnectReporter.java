package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.PresenceStore;
import java.time.Duration;

/**
 * Tells the store which sockets of this node have gone, and how long their users may be unavailable
 * before anybody is told.
 *
 * <p>Thread safety: any thread.
 */
final class DisconnectReporter {
  private final PresenceStore store;
  private final StoreContact contact;
  private final ServerId server;
  private final Duration grace;
  private volatile Duration awayForDrain = Duration.ZERO;

  /**
   * @param grace how long a user stays present after their last socket closed
   */
  DisconnectReporter(PresenceStore store, StoreContact contact, ServerId server, Duration grace) {
    this.store = store;
    this.contact = contact;
    this.server = server;
    this.grace = grace;
  }

  /** A socket is gone; may be said more than once. */
  void left(UserId user, SocketId socket) {
    if (contact.isUnavailable()) {
      return; // What the store still holds expires.
    }
    try {
      store.disconnected(user, server, socket, grace.plus(awayForDrain));
    } catch (RealtimeException e) {
      contact.missed(e);
    }
  }

  /** Clients are sent away and told to be back within this time. */
  void drain(Duration backWithin) {
    awayForDrain = backWithin;
  }
}
