package dev.realtime4j.server;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.transport.HandshakeHandler;
import dev.realtime4j.api.transport.Transport;
import dev.realtime4j.api.transport.TransportConnection;
import dev.realtime4j.api.transport.TransportLimits;
import dev.realtime4j.api.transport.TransportSession;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.environment.ServerThreads;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Sockets without a network, for servers with more clients than a test has file descriptors. */
final class LocalTransport implements Transport {
  private final ServerThreads threads;
  private final ExecutorService loop;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private @Nullable HandshakeHandler acceptor;

  LocalTransport() {
    this(ServerEnvironment.system().threads());
  }

  /**
   * @param threads where it has the one that writes from
   */
  LocalTransport(ServerThreads threads) {
    this.threads = threads;
    this.loop = threads.pool("local-transport", 1, Integer.MAX_VALUE);
  }

  @Override
  public void start(TransportLimits limits, HandshakeHandler acceptor) {
    this.acceptor = acceptor;
  }

  /** A client of this user, whose token is their id. */
  Socket connect(UserId user) {
    return connect(user.toString());
  }

  /** A client with this token. */
  Socket connect(String token) {
    return connect(token, "/ws");
  }

  /**
   * The same.
   *
   * @param target path and query
   */
  Socket connect(String token, String target) {
    if (acceptor == null) {
      throw new IllegalStateException("the server is not started");
    }
    Handshake handshake =
        Handshake.of(
            target, Map.of("authorization", "Bearer " + token), InetAddress.getLoopbackAddress());
    CompletableFuture<HandshakeHandler.Decision> decision =
        acceptor.decide(handshake).toCompletableFuture();
    HandshakeHandler.Accepted accepted = (HandshakeHandler.Accepted) decided(decision);
    Socket socket = new Socket();
    sockets.add(socket);
    socket.session = accepted.session().apply(socket);
    socket.wantWrite();
    return socket;
  }

  private HandshakeHandler.Decision decided(CompletableFuture<HandshakeHandler.Decision> decision) {
    try {
      threads.await(decision, Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return decision.join();
  }

  @Override
  public int port() {
    return 0;
  }

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public void afterWrites(int lane, Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException closed) {
      // What was still to be written goes nowhere.
    }
  }

  @Override
  public int connectionCount() {
    return sockets.size();
  }

  @Override
  public void close() {
    sockets.forEach(socket -> socket.end(1001));
    loop.shutdown();
  }

  /** One client. What it hears is kept. */
  final class Socket implements TransportConnection {
    private final List<Json> heard = new CopyOnWriteArrayList<>();
    private final AtomicBoolean pulling = new AtomicBoolean();
    private final AtomicLong calls = new AtomicLong();
    private volatile @Nullable TransportSession session;
    private volatile int closeCode;

    void call(String method, Json params) {
      TransportSession open = session;
      if (open == null) {
        throw new IllegalStateException("the socket is closed");
      }
      long id = calls.incrementAndGet();
      open.onText(Json.object("id", id, "method", method, "params", params).text());
    }

    /** The data of all events of this name that came so far. */
    List<Json> events(String name) {
      return heard.stream()
          .filter(message -> name.equals(WireClient.text(message, "event")))
          .map(message -> message.fields().getOrDefault("data", Json.NULL))
          .toList();
    }

    /** How many calls were answered. */
    long answers() {
      return heard.stream().filter(message -> message.fields().containsKey("id")).count();
    }

    /** Answers a heartbeat; nothing once it is closed. */
    void signOfLife() {
      TransportSession open = session;
      if (open != null) {
        open.onSignOfLife();
      }
    }

    /** With which code it was closed; 0 while it is open. */
    int closeCode() {
      return closeCode;
    }

    /** Everything that came so far. */
    List<Json> heard() {
      return heard;
    }

    void end(int code) {
      TransportSession open = session;
      session = null;
      if (open != null && sockets.remove(this)) {
        closeCode = code;
        open.onClosed(code, "");
      }
    }

    @Override
    public int lane() {
      return 0;
    }

    @Override
    public void wantWrite() {
      if (!pulling.getAndSet(true)) {
        afterWrites(0, this::pull);
      }
    }

    private void pull() {
      pulling.set(false);
      TransportSession open = session;
      if (open == null) {
        return;
      }
      for (byte[] text = open.takeOutgoing(); text != null; text = open.takeOutgoing()) {
        for (String line : new String(text, StandardCharsets.UTF_8).split("\n")) {
          heard.add(Json.parse(line));
        }
      }
    }

    @Override
    public void pauseReading() {}

    @Override
    public void resumeReading() {}

    @Override
    public void close(CloseCode code, String reason) {
      afterWrites(0, () -> end(code.value()));
    }

    @Override
    public void abort(CloseCode code, String reason) {
      close(code, reason);
    }
  }
}
