package dev.realtime4j.server.internal.session;

import dev.realtime4j.api.auth.Handshake;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * How many sockets each address holds, counted from the decision about its handshake on.
 *
 * <p>Thread safety: any thread.
 */
final class Addresses {
  private final int most;
  private final Duration handshakeTimeout;
  private final Set<String> trustedProxies;
  private final ScheduledExecutorService timer;
  private final ConcurrentHashMap<InetAddress, Integer> counts = new ConcurrentHashMap<>();

  Addresses(SessionLimits limits, ScheduledExecutorService timer) {
    this.most = limits.maxSocketsPerAddress();
    this.handshakeTimeout = limits.handshakeTimeout();
    this.trustedProxies = limits.trustedProxies();
    this.timer = timer;
  }

  /** The handshake with the client's own address, if a trusted proxy tells it. */
  Handshake behindProxy(Handshake handshake) {
    if (!trustedProxies.contains(handshake.remoteAddress().getHostAddress())) {
      return handshake;
    }
    return handshake
        .header("x-forwarded-for")
        .map(Addresses::last)
        .map(address -> address == null ? handshake : handshake.withRemoteAddress(address))
        .orElse(handshake);
  }

  /** The last hop is the one that the trusted proxy itself saw. */
  private static @Nullable InetAddress last(String forwarded) {
    String hop = forwarded.substring(forwarded.lastIndexOf(',') + 1).trim();
    return hop.matches("[0-9.]+|[0-9A-Fa-f:.]+") ? literal(hop) : null;
  }

  private static @Nullable InetAddress literal(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (java.net.UnknownHostException e) {
      return null;
    }
  }

  /**
   * Takes a place for a handshake.
   *
   * @return the place; null when the address has none left
   */
  @Nullable Place take(InetAddress address) {
    boolean[] full = new boolean[1];
    counts.compute(
        address,
        (key, count) -> {
          int now = count == null ? 0 : count;
          full[0] = now >= most;
          return full[0] ? count : Integer.valueOf(now + 1);
        });
    return full[0] ? null : new Place(address);
  }

  /** One socket's place. Given back once; by itself if the socket does not open in time. */
  final class Place {
    private final InetAddress address;
    private final AtomicBoolean given = new AtomicBoolean();
    private volatile boolean opened;

    Place(InetAddress address) {
      this.address = address;
      timer.schedule(
          () -> {
            if (!opened) {
              giveBack();
            }
          },
          handshakeTimeout.toMillis() + 1000,
          TimeUnit.MILLISECONDS);
    }

    void opened() {
      opened = true;
    }

    void giveBack() {
      if (given.compareAndSet(false, true)) {
        counts.computeIfPresent(
            address, (key, count) -> count <= 1 ? null : Integer.valueOf(count - 1));
      }
    }
  }
}
