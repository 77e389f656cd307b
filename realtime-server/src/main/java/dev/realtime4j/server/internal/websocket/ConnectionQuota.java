package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.server.internal.websocket.ConnectionSlot.Standing;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who has a place on this node. A socket counts from accept on: as half-open, for its address,
 * until it is a WebSocket or closed.
 *
 * <p>Of an address only so many may keep the server waiting: at one more, the one that has done so
 * longest is closed. When half-open ones hold their half of the node, or the node is full, they
 * make room for newcomers: the address that has most of them loses one. A newcomer from that
 * address is refused, and so is everybody while all have one and none has been silent for long.
 *
 * <p>Sockets of a trusted proxy are those of many clients. They are bounded in all only, and weigh
 * as far as they keep the server waiting.
 *
 * <p>Thread safety: any thread.
 */
final class ConnectionQuota {
  /** How many without a place are told so, at most; those beyond that are just closed. */
  private static final int MOST_OUTSIDE = 256;

  private static final int LEAST_OUTSIDE = 16;

  /** Slow clients on slow links are quicker. */
  private static final long SILENT_NANOS = 1_000_000_000;

  private final int most;
  private final int mostHalfOpen;
  private final int mostOutside;
  private final Peers peers;
  private final LongSupplier nanoTime;
  private final ConnectionQuotaLog told;
  private final Map<InetAddress, AddressConnections> byAddress = new HashMap<>();

  /** The largest first, of several the one that has been there longest. */
  private final TreeSet<AddressConnections> bySize =
      new TreeSet<>(
          Comparator.comparingInt(AddressConnections::weight)
              .reversed()
              .thenComparingLong(AddressConnections::number));

  private long crowds;
  private int taken;
  private int halfOpen;
  private int outside;

  /**
   * @param most sockets, half-open ones included; half as many may be half-open
   */
  ConnectionQuota(int most, Peers peers, LongSupplier nanoTime) {
    this.most = most;
    this.mostHalfOpen = Math.max(1, most / 2);
    this.mostOutside = Math.max(LEAST_OUTSIDE, Math.min(MOST_OUTSIDE, most / 8));
    this.peers = peers;
    this.nanoTime = nanoTime;
    this.told = new ConnectionQuotaLog(peers.maxHalfOpenPerAddress(), mostHalfOpen, most, nanoTime);
  }

  /** A place for a new socket, perhaps that of another one; null when there is none. */
  @Nullable ConnectionSlot take(InetAddress peer) {
    ConnectionSlot place = null;
    ConnectionSlot loser = null;
    synchronized (this) {
      AddressConnections own = crowd(peer);
      boolean full = taken >= most || halfOpen >= mostHalfOpen;
      if (full) {
        loser = makeRoom(own);
      }
      if (!full || loser != null) {
        place = new ConnectionSlot(this, Standing.INSIDE, own);
        taken++;
        halfOpen++;
        join(place, own);
      }
    }
    lost(loser);
    if (place == null) {
      told.turnedAway(peer);
    }
    return place;
  }

  private @Nullable ConnectionSlot makeRoom(AddressConnections newcomer) {
    AddressConnections largest = bySize.isEmpty() ? newcomer : bySize.first();
    if (largest == newcomer) {
      return null;
    }
    // Where all have one, a newcomer would only put another newcomer out.
    boolean fair =
        largest.weight() > newcomer.weight() + 1
            || largest.first().hasBeenSilent(SILENT_NANOS, nanoTime.getAsLong());
    return fair ? dispossess(largest) : null;
  }

  /** For one that got none, to be told so; null when there are too many of those. */
  synchronized @Nullable ConnectionSlot outside(InetAddress peer) {
    if (outside >= mostOutside) {
      return null;
    }
    outside++;
    return new ConnectionSlot(this, Standing.OUTSIDE, crowd(peer));
  }

  /** Whether the client is to do something next, or the server. */
  void turn(ConnectionSlot place, boolean clients) {
    ConnectionSlot loser;
    synchronized (this) {
      AddressConnections crowd = place.crowd;
      if (crowd == null || place.keepsWaiting == clients) {
        return;
      }
      leave(place, crowd);
      place.keepsWaiting = clients;
      place.turnedAt = nanoTime.getAsLong();
      join(place, crowd);
      loser = oneTooMany(crowd);
    }
    lost(loser);
  }

  /** A proxy that is believed said whose the socket is. */
  void belongsTo(ConnectionSlot place, InetAddress client) {
    ConnectionSlot loser = null;
    synchronized (this) {
      AddressConnections after = crowd(client);
      AddressConnections before = place.crowd;
      place.countsFor(after);
      if (before != null) {
        leave(place, before);
        join(place, after);
        loser = oneTooMany(after);
      }
    }
    lost(loser);
  }

  /** The one of an address that has to go; null while it keeps to its bound. */
  private @Nullable ConnectionSlot oneTooMany(AddressConnections crowd) {
    boolean tooMany = !crowd.isProxy() && crowd.waitingFor() > peers.maxHalfOpenPerAddress();
    return tooMany ? dispossess(crowd) : null;
  }

  /** It becomes a WebSocket; false when the place is lost. */
  synchronized boolean opened(ConnectionSlot place) {
    noLongerHalfOpen(place);
    return place.standing == Standing.INSIDE;
  }

  synchronized void closed(ConnectionSlot place) {
    noLongerHalfOpen(place);
    switch (place.standing) {
      case INSIDE -> taken--;
      case OUTSIDE -> outside--;
      case GONE -> {
        return;
      }
    }
    place.standing = Standing.GONE;
  }

  private ConnectionSlot dispossess(AddressConnections crowd) {
    ConnectionSlot loser = crowd.first();
    closed(loser);
    return loser;
  }

  /** Outside the lock: it logs, and wakes a loop. */
  private void lost(@Nullable ConnectionSlot loser) {
    if (loser != null) {
      told.turnedAway(loser.address());
      loser.lost();
    }
  }

  private void noLongerHalfOpen(ConnectionSlot place) {
    AddressConnections crowd = place.crowd;
    if (crowd != null) {
      leave(place, crowd);
      place.crowd = null;
      halfOpen--;
    }
  }

  /** The crowd that a socket of this address joins. */
  private AddressConnections crowd(InetAddress client) {
    boolean proxy = peers.proxies().test(client);
    InetAddress address = proxy ? client : peers.counted().apply(client);
    AddressConnections known = byAddress.get(address);
    return known == null ? new AddressConnections(address, proxy, ++crowds) : known;
  }

  private void join(ConnectionSlot place, AddressConnections crowd) {
    bySize.remove(crowd); // for its place in the order changes
    crowd.add(place, place.keepsWaiting);
    bySize.add(crowd);
    byAddress.put(crowd.address(), crowd);
    place.crowd = crowd;
  }

  private void leave(ConnectionSlot place, AddressConnections crowd) {
    bySize.remove(crowd);
    crowd.remove(place);
    if (crowd.isEmpty()) {
      byAddress.remove(crowd.address());
    } else {
      bySize.add(crowd);
    }
  }

  /** Sockets, half-open ones included. */
  synchronized int taken() {
    return taken;
  }

  synchronized int halfOpen() {
    return halfOpen;
  }

  /** How many got no place, or lost it. */
  long turnedAway() {
    return told.count();
  }
}
