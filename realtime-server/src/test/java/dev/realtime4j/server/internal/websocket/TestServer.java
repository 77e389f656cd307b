package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.transport.HandshakeHandler;
import dev.realtime4j.api.transport.HandshakeHandler.Accepted;
import dev.realtime4j.api.transport.HandshakeHandler.Decision;
import dev.realtime4j.api.transport.TransportConnection;
import dev.realtime4j.api.transport.TransportLimits;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A real transport whose sessions echo, unless a test says otherwise. */
final class TestServer implements AutoCloseable {
  static final int MAX_MESSAGE = 64 * 1024;
  static final int MAX_HANDSHAKE = 4096;
  static final int SEND_BUFFER = 128 * 1024;

  final WebSocketTransport transport;
  final List<TestSession> sessions = new CopyOnWriteArrayList<>();
  final List<Handshake> handshakes = new CopyOnWriteArrayList<>();

  /** What a session does with a text. */
  volatile BiConsumer<TestSession, String> onText = TestSession::send;

  /** What is decided; by default to accept at once. */
  volatile Function<Handshake, CompletionStage<Decision>> decide =
      handshake -> CompletableFuture.completedFuture(accepted());

  private TestServer(int ioThreads, Duration handshakeTimeout, int maxConnections) {
    this(WebSocketTransport.create(ioThreads, SEND_BUFFER), handshakeTimeout, maxConnections);
  }

  private TestServer(WebSocketTransport transport, Duration handshakeTimeout, int maxConnections) {
    this.transport = transport;
    HandshakeHandler acceptor =
        handshake -> {
          handshakes.add(handshake);
          return decide.apply(handshake);
        };
    transport.start(
        new TransportLimits(0, MAX_MESSAGE, MAX_HANDSHAKE, handshakeTimeout, maxConnections),
        acceptor);
  }

  static TestServer start() {
    return new TestServer(2, Duration.ofSeconds(10), 10_000);
  }

  /** With one loop, so that all sockets share a thread. */
  static TestServer startSingle() {
    return new TestServer(1, Duration.ofSeconds(10), 10_000);
  }

  static TestServer start(Duration handshakeTimeout) {
    return new TestServer(1, handshakeTimeout, 10_000);
  }

  /** Behind proxies on these addresses that send PROXY headers; perhaps with TLS. */
  static TestServer startBehind(
      Duration handshakeTimeout,
      @Nullable Supplier<SSLContext> tls,
      Predicate<InetAddress> proxies) {
    return new TestServer(
        WebSocketTransport.create(
            1,
            SEND_BUFFER,
            1_000_000,
            tls,
            new Peers(proxies, true, UnaryOperator.identity(), 100),
            ServerEnvironment.system()),
        handshakeTimeout,
        10_000);
  }

  /** With TLS and one loop. */
  static TestServer startTls(Duration handshakeTimeout, Supplier<SSLContext> tls) {
    return new TestServer(
        WebSocketTransport.create(
            1, SEND_BUFFER, 1_000_000, tls, Peers.unbounded(), ServerEnvironment.system()),
        handshakeTimeout,
        10_000);
  }

  static TestServer startWithRoomFor(int connections) {
    return new TestServer(1, Duration.ofSeconds(10), connections);
  }

  Accepted accepted() {
    return new Accepted(null, this::newSession);
  }

  TestSession newSession(TransportConnection connection) {
    TestSession session = new TestSession(this, connection);
    sessions.add(session);
    return session;
  }

  int port() {
    return transport.port();
  }

  /** Opens a socket and waits for its session. */
  Opened open() {
    CompletableFuture<TestSession> made = new CompletableFuture<>();
    Function<Handshake, CompletionStage<Decision>> before = decide;
    decide =
        handshake ->
            CompletableFuture.completedFuture(
                new Accepted(
                    null,
                    connection -> {
                      TestSession session = newSession(connection);
                      made.complete(session);
                      return session;
                    }));
    try {
      RawClient client = RawClient.open(port());
      return new Opened(client, made.join());
    } finally {
      decide = before;
    }
  }

  record Opened(RawClient client, TestSession session) {}

  @Override
  public void close() {
    transport.close();
  }
}
