package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.transport.HandshakeHandler;
import dev.realtime4j.api.transport.TransportLimits;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port. A thread of its own does nothing but accept and hand out, so that neither a busy loop
 * keeps sockets waiting nor a process without free file descriptors disturbs the loops.
 */
final class Acceptor {
  private static final Logger log = LoggerFactory.getLogger(Acceptor.class);
  private static final int BACKLOG = 4096;

  /** Clients send little; a paused one cannot fill more than this in the kernel. */
  private static final int RECEIVE_BUFFER = 32 * 1024;

  private static final long PAUSE_MILLIS = 100;

  /** So long after the last failure the next success ends it. */
  private static final Duration RECOVERED_AFTER = Duration.ofSeconds(10);

  private static final HandshakeRejection FULL =
      HandshakeRejection.of(503, ErrorCode.UNAVAILABLE, "this node has no room for another socket")
          .retryAfter(Duration.ofSeconds(5));

  /** Where sockets come from. */
  @FunctionalInterface
  interface Source {
    SocketChannel accept() throws IOException;
  }

  /**
   * What is listened on.
   *
   * @param source its sockets
   */
  record Port(ServerSocketChannel server, Source source) {}

  private final TransportLimits limits;
  private final HandshakeHandler acceptor;
  private final ProxiedConnections proxied;
  private final List<EventLoop> loops;
  private final ServerSocketChannel server;
  private final Source source;
  private final int port;
  private final ConnectionQuota places;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final LongSupplier nanoTime;
  private final Thread thread;
  private int turn;
  private boolean failing;
  private long lastFailure;

  Acceptor(
      TransportLimits limits,
      HandshakeHandler acceptor,
      Peers peers,
      List<EventLoop> loops,
      Port port,
      ServerEnvironment environment)
      throws IOException {
    this.limits = limits;
    this.acceptor = acceptor;
    this.proxied = new ProxiedConnections(peers);
    this.places = new ConnectionQuota(limits.maxConnections(), peers, environment.nanoTime());
    this.loops = loops;
    this.server = port.server;
    this.source = port.source;
    this.port = ((InetSocketAddress) server.getLocalAddress()).getPort();
    this.nanoTime = environment.nanoTime();
    this.thread = environment.threads().thread("realtime-accept-1", this::run);
  }

  static Acceptor open(
      TransportLimits limits,
      HandshakeHandler acceptor,
      Peers peers,
      List<EventLoop> loops,
      ServerEnvironment environment)
      throws IOException {
    ServerSocketChannel server = bind(limits.bindAddress(), limits.port());
    Acceptor listener =
        new Acceptor(limits, acceptor, peers, loops, new Port(server, server::accept), environment);
    listener.start();
    return listener;
  }

  /**
   * @param address null for every one of this machine
   */
  static ServerSocketChannel bind(@Nullable InetAddress address, int port) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    try {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
      return server.bind(new InetSocketAddress(address, port), BACKLOG);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  void start() {
    thread.start();
  }

  int port() {
    return port;
  }

  ConnectionQuota places() {
    return places;
  }

  void close() {
    closed.countDown();
    try {
      server.close();
    } catch (IOException e) {
      log.debug("closing port {} failed", port, e);
    }
  }

  void awaitEnd(long endNanos) {
    TransportThreads.awaitEnd(thread, endNanos - nanoTime.getAsLong());
  }

  private void run() {
    while (closed.getCount() > 0) {
      try {
        place(source.accept());
        accepted();
      } catch (Throwable e) {
        if (closed.getCount() > 0) {
          pauseAfter(e);
        }
      }
    }
  }

  /** At the limit every socket that ends lets one in: that is still the same failure. */
  private void accepted() {
    if (failing && nanoTime.getAsLong() - lastFailure > RECOVERED_AFTER.toNanos()) {
      failing = false;
      log.info("port {} accepts again", port);
    }
  }

  /** Most likely too many open files: the sockets that are open go on, and some will end. */
  private void pauseAfter(Throwable e) {
    try {
      lastFailure = nanoTime.getAsLong();
      if (!failing) {
        failing = true;
        log.warn("accepting on port {} pauses until it works again: {}", port, e.toString());
      }
      if (closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        log.debug("port {} was closed during a pause", port);
      }
    } catch (InterruptedException ignored) {
      // Nobody has a reason to; the loop above asks whether the port is closed.
    } catch (Throwable ignored) {
      // Logging failed for want of memory or files: the thread must outlive that too.
    }
  }

  private void place(SocketChannel socket) throws IOException {
    InetAddress peer = ((InetSocketAddress) socket.getRemoteAddress()).getAddress();
    ConnectionSlot inside = places.take(peer);
    ConnectionSlot place = inside == null ? places.outside(peer) : inside;
    if (place == null) {
      socket.close();
      return;
    }
    ProxyHeaderState.Next next = inside == null ? this::refusal : this::handshake;
    turn = (turn + 1) % loops.size();
    try {
      loops
          .get(turn)
          .adopt(socket, link -> proxied.first(link, next, limits.handshakeTimeout()), place);
    } catch (Throwable e) {
      place.closed();
      socket.close();
      throw e;
    }
  }

  private ChannelState handshake(SocketHandler link, Duration timeout) {
    return new HandshakingState(link, limits, acceptor, proxied, timeout);
  }

  private ChannelState refusal(SocketHandler link, Duration timeout) {
    return new RejectingState(link, FULL);
  }
}
