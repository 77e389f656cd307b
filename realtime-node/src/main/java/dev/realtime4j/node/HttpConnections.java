package dev.realtime4j.node;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections of an HTTP port, bounded in number, by address, and in time.
 *
 * <p>Whoever comes is let in. When there are too many, the one that has made us wait longest goes:
 * never one that waits for us. So a full house of slow clients keeps nobody out, a health check
 * included, wherever it comes from.
 *
 * <p>Thread safety: any thread.
 */
final class HttpConnections implements AutoCloseable {
  /** Connections of a port; so many may wait for us at a time, and a few hundred more. */
  static final int MOST = 1_000;

  /** Connections of an address, of IPv6 its /64. */
  static final int MOST_OF_AN_ADDRESS = 100;

  private static final int LOOK_EVERY_MILLIS = 200;

  private final Set<HttpEndPoint> open = new LinkedHashSet<>();
  private final Map<Object, Set<HttpEndPoint>> byAddress = new HashMap<>();
  private final Duration patience;
  private final ScheduledExecutorService clock;

  /**
   * @param thread the name of the thread that looks for what is late
   * @param patience how long the head of a request may take, and its body
   */
  HttpConnections(String thread, Duration patience) {
    this.patience = patience;
    clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread looker = new Thread(task, thread);
              looker.setDaemon(true);
              return looker;
            });
    clock.scheduleWithFixedDelay(
        this::endLate, LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  Duration patience() {
    return patience;
  }

  /** Counts a connection, and makes room for it. */
  void opened(HttpEndPoint connection) {
    end(add(connection));
  }

  /**
   * Counts a connection for its address.
   *
   * @param address whose it is; null for one that is not counted by address
   */
  void identified(HttpEndPoint connection, @Nullable InetAddress address) {
    end(add(connection));
    if (address != null) {
      end(addTo(network(address), connection));
    }
  }

  private synchronized @Nullable HttpEndPoint add(HttpEndPoint connection) {
    open.add(connection);
    return open.size() > MOST ? forgetSlowest(open, connection) : null;
  }

  private synchronized @Nullable HttpEndPoint addTo(Object address, HttpEndPoint connection) {
    connection.countFor(address);
    Set<HttpEndPoint> neighbours =
        byAddress.computeIfAbsent(address, first -> new LinkedHashSet<>());
    neighbours.add(connection);
    return neighbours.size() > MOST_OF_AN_ADDRESS ? forgetSlowest(neighbours, connection) : null;
  }

  /** At once, or the next newcomer would find the same one. */
  private HttpEndPoint forgetSlowest(Collection<HttpEndPoint> among, HttpEndPoint newest) {
    long now = System.nanoTime();
    HttpEndPoint slowest =
        among.stream()
            .filter(connection -> connection != newest && !connection.isOurTurn())
            .max(Comparator.comparingLong(connection -> now - connection.since()))
            .orElse(newest);
    closed(slowest);
    return slowest;
  }

  synchronized void closed(HttpEndPoint connection) {
    open.remove(connection);
    Object address = connection.address();
    Set<HttpEndPoint> neighbours = address == null ? null : byAddress.get(address);
    if (neighbours != null && neighbours.remove(connection) && neighbours.isEmpty()) {
      byAddress.remove(address);
    }
  }

  synchronized int size() {
    return open.size();
  }

  private void endLate() {
    long now = System.nanoTime();
    for (HttpEndPoint connection : snapshot()) {
      if (!connection.isOpen() || connection.isTooLate(now)) {
        end(connection);
      }
    }
  }

  private synchronized List<HttpEndPoint> snapshot() {
    return List.copyOf(open);
  }

  private void end(@Nullable HttpEndPoint connection) {
    if (connection != null) {
      connection.close();
      closed(connection); // one that never opened is not told to us
    }
  }

  /** What one customer has: an IPv4 address, or an IPv6 network of 64 bits. */
  private static Object network(InetAddress address) {
    return address instanceof Inet6Address
        ? ByteBuffer.wrap(address.getAddress(), 0, 8).slice()
        : address;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
