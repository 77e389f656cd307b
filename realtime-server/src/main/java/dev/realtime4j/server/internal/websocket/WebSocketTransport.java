package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.transport.HandshakeHandler;
import dev.realtime4j.api.transport.Transport;
import dev.realtime4j.api.transport.TransportLimits;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * WebSockets on event loops of our own; Java-WebSocket reads and writes the protocol.
 *
 * <p>A socket belongs to one loop for life. All that happens to it happens on that loop's thread:
 * reading, the calls of its session, writing. Other threads only leave requests.
 *
 * <p>Thread safety: every method may be called by any thread.
 *
 * <p>Lifecycle: {@link #start} once, then {@link #close}. A transport that could not start or was
 * closed cannot be started again.
 */
public final class WebSocketTransport implements Transport {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** What is left of {@link #PATIENCE} after it is for ending the threads. */
  private static final Duration GOODBYE = Duration.ofSeconds(1);

  private final int ioThreads;
  private final int sendBufferBytes;
  private final int controlFramesPerSecond;
  private final @Nullable Supplier<SSLContext> tls;
  private final Peers peers;
  private final ServerEnvironment environment;
  private final Object lock = new Object();
  private boolean used;
  private volatile @Nullable Running running;

  private record Running(
      Acceptor listener, List<EventLoop> loops, @Nullable ExecutorService tlsTasks) {}

  private WebSocketTransport(
      int ioThreads,
      int sendBufferBytes,
      int controlFramesPerSecond,
      @Nullable Supplier<SSLContext> tls,
      Peers peers,
      ServerEnvironment environment) {
    this.ioThreads = ioThreads;
    this.sendBufferBytes = sendBufferBytes;
    this.controlFramesPerSecond = controlFramesPerSecond;
    this.tls = tls;
    this.peers = peers;
    this.environment = environment;
  }

  /**
   * A transport that is not started yet, for plain sockets, with pings and half-open sockets of an
   * address without a bound.
   *
   * @param ioThreads how many event loops; one per core is right
   * @param sendBufferBytes what the kernel may hold of one socket
   */
  public static WebSocketTransport create(int ioThreads, int sendBufferBytes) {
    return create(
        ioThreads,
        sendBufferBytes,
        Integer.MAX_VALUE,
        null,
        Peers.unbounded(),
        ServerEnvironment.system());
  }

  /**
   * A transport that is not started yet; with TLS 1.2 and 1.3 on every socket, and behind proxies
   * that say whose each connection is.
   *
   * @param ioThreads how many event loops; one per core is right
   * @param sendBufferBytes what the kernel may hold of one socket
   * @param controlFramesPerSecond how many pings and pongs one socket may send
   * @param tls asked for each new socket, on an event loop; null for plain sockets
   * @param peers asked for each new socket, on any thread
   * @param environment its time and threads
   */
  public static WebSocketTransport create(
      int ioThreads,
      int sendBufferBytes,
      int controlFramesPerSecond,
      @Nullable Supplier<SSLContext> tls,
      Peers peers,
      ServerEnvironment environment) {
    if (ioThreads < 1) {
      throw new IllegalArgumentException("ioThreads is " + ioThreads + "; give at least 1");
    }
    return new WebSocketTransport(
        ioThreads, sendBufferBytes, controlFramesPerSecond, tls, peers, environment);
  }

  @Override
  public void start(TransportLimits limits, HandshakeHandler acceptor) {
    synchronized (lock) {
      if (used) {
        throw new IllegalStateException("a transport is started once; create another one");
      }
      used = true;
      List<EventLoop> loops = new ArrayList<>();
      ExecutorService tlsTasks = tls == null ? null : tlsTasks();
      TlsSetup setup =
          tls == null || tlsTasks == null
              ? null
              : new TlsSetup(tls, new FairExecutor(tlsTasks), environment.nanoTime());
      LoopSettings settings =
          new LoopSettings(sendBufferBytes, controlFramesPerSecond, setup, environment);
      try {
        for (int i = 0; i < ioThreads; i++) {
          loops.add(EventLoop.start(i, settings));
        }
        running =
            new Running(
                Acceptor.open(limits, acceptor, peers, loops, environment),
                List.copyOf(loops),
                tlsTasks);
      } catch (IOException | UnsupportedAddressTypeException e) {
        throw RealtimeException.unavailable(unopened(limits, e), e);
      } finally {
        if (running == null) {
          loops.forEach(loop -> loop.shutDown(Duration.ZERO));
          endTlsTasks(tlsTasks);
        }
      }
    }
  }

  private static String unopened(TransportLimits limits, Exception e) {
    InetAddress address = limits.bindAddress();
    String why = e instanceof IOException ? e.getMessage() : "this JVM has no such addresses";
    return address == null
        ? "port " + limits.port() + " cannot be opened: " + why
        : "port %d of %s cannot be opened: %s; use a free port of an address of this machine, or no bindAddress for all of them"
            .formatted(limits.port(), address.getHostAddress(), why);
  }

  @Override
  public int port() {
    return started().listener().port();
  }

  /**
   * {@inheritDoc}
   *
   * <p>A task that is given while the transport closes may never run.
   */
  @Override
  public void afterWrites(int lane, Runnable task) {
    started().loops().get(lane).execute(task);
  }

  @Override
  public int lanes() {
    return ioThreads;
  }

  @Override
  public int connectionCount() {
    Running now = running;
    return now == null ? 0 : now.listener().places().taken();
  }

  @Override
  public int halfOpenCount() {
    Running now = running;
    return now == null ? 0 : now.listener().places().halfOpen();
  }

  @Override
  public long turnedAway() {
    Running now = running;
    return now == null ? 0 : now.listener().places().turnedAway();
  }

  @Override
  public void close() {
    Running now;
    synchronized (lock) {
      used = true;
      now = running;
    }
    // Outside the lock: a session may close the transport too, and its loop is waited for here.
    if (now != null) {
      long end = environment.nanoTime().getAsLong() + PATIENCE.toNanos();
      now.listener().close();
      now.listener().awaitEnd(end);
      now.loops().forEach(loop -> loop.shutDown(GOODBYE));
      now.loops().forEach(loop -> loop.awaitEnd(end));
      endTlsTasks(now.tlsTasks());
    }
  }

  /**
   * Do the arithmetic of TLS handshakes. At most one task for each half-open socket waits for them.
   */
  private ExecutorService tlsTasks() {
    return environment.threads().pool("tls", ioThreads, Integer.MAX_VALUE);
  }

  private static void endTlsTasks(@Nullable ExecutorService tasks) {
    if (tasks != null) {
      tasks.shutdownNow();
    }
  }

  private Running started() {
    Running now = running;
    if (now == null) {
      throw new IllegalStateException("the transport is not started");
    }
    return now;
  }
}
