package dev.realtime4j.server.internal.websocket;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What one socket has of the {@link ConnectionQuota}, half-open at first. The fields that are not
 * private are theirs, and guarded by them.
 */
final class ConnectionSlot {
  /** Where the socket counts. */
  enum Standing {
    INSIDE,
    OUTSIDE,
    GONE
  }

  private static final Runnable LOST = () -> {};

  private final ConnectionQuota places;
  private final AtomicReference<@Nullable Runnable> onLoss = new AtomicReference<>();

  Standing standing;

  /** Null once it is not half-open any more. */
  @Nullable AddressConnections crowd;

  boolean keepsWaiting;

  /** Since when. */
  long turnedAt;

  // The loop's: what it has told.
  private boolean halfOpen = true;
  private boolean toldWaiting;

  private volatile InetAddress address;
  private volatile boolean proxied;

  ConnectionSlot(ConnectionQuota places, Standing standing, AddressConnections crowd) {
    this.places = places;
    this.standing = standing;
    this.address = crowd.address();
    this.proxied = crowd.isProxy();
  }

  /** Equal for the sockets of one address; for those of a trusted proxy, each is its own. */
  Object whose() {
    return proxied ? this : address;
  }

  boolean hasBeenSilent(long forNanos, long now) {
    return keepsWaiting && now - turnedAt >= forNanos;
  }

  /** What it counts for. */
  InetAddress address() {
    return address;
  }

  void countsFor(AddressConnections whom) {
    address = whom.address();
    proxied = whom.isProxy();
  }

  /**
   * Says how the socket is closed.
   *
   * @return false when the place is lost already
   */
  boolean attach(Runnable close) {
    return onLoss.compareAndSet(null, close);
  }

  /** Another socket has the place: this one is closed, at once or as soon as somebody knows how. */
  void lost() {
    Runnable close = onLoss.getAndSet(LOST);
    if (close != null) {
      close.run();
    }
  }

  /** Whether it may become a WebSocket. On the loop's thread, as what is below. */
  boolean isHalfOpen() {
    return halfOpen;
  }

  /** The client is to do something next; else the server is. */
  void turn(boolean clients) {
    if (clients != toldWaiting) {
      toldWaiting = clients;
      places.turn(this, clients);
    }
  }

  /** A proxy that is believed said whose the socket is. */
  void belongsTo(InetAddress client) {
    places.belongsTo(this, client);
  }

  /** It becomes a WebSocket; false when the place is lost. */
  boolean opened() {
    halfOpen = false;
    return places.opened(this);
  }

  /** The socket is closed; idempotent. */
  void closed() {
    halfOpen = false;
    places.closed(this);
  }
}
