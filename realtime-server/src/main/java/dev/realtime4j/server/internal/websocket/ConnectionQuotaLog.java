package dev.realtime4j.server.internal.websocket;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts sockets that got no place, or lost it, and says so once a minute at most. Any thread. */
final class ConnectionQuotaLog {
  private static final Logger log = LoggerFactory.getLogger(ConnectionQuotaLog.class);
  private static final long EVERY_NANOS = Duration.ofMinutes(1).toNanos();

  private final int perAddress;
  private final int halfOpen;
  private final int sockets;
  private final LongSupplier nanoTime;
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong saidAt = new AtomicLong();
  private final AtomicLong said = new AtomicLong();

  ConnectionQuotaLog(int perAddress, int halfOpen, int sockets, LongSupplier nanoTime) {
    this.perAddress = perAddress;
    this.halfOpen = halfOpen;
    this.sockets = sockets;
    this.nanoTime = nanoTime;
    saidAt.set(nanoTime.getAsLong() - EVERY_NANOS);
  }

  /**
   * @param client whose the socket was
   */
  void turnedAway(InetAddress client) {
    long now = nanoTime.getAsLong();
    long until = count.incrementAndGet();
    long before = saidAt.get();
    if (now - before >= EVERY_NANOS && saidAt.compareAndSet(before, now)) {
      log.warn(
          "{} sockets were closed or refused before they were WebSockets, the last one of {}: of an"
              + " address {} may keep the server waiting, the node holds {} half-open sockets, and"
              + " {} in all. If they come from your proxy, list it in trustedProxies. This is said"
              + " once a minute at most",
          until - said.getAndSet(until),
          client.getHostAddress(),
          perAddress,
          halfOpen,
          sockets);
    }
  }

  long count() {
    return count.get();
  }
}
