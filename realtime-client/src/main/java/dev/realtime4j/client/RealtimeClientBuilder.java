package dev.realtime4j.client;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.internal.Library;
import dev.realtime4j.client.internal.JavaWebSockets;
import dev.realtime4j.client.internal.Machinery;
import dev.realtime4j.client.internal.Pace;
import dev.realtime4j.client.internal.Settings;
import dev.realtime4j.client.internal.Surroundings;
import dev.realtime4j.client.internal.TestAccess;
import dev.realtime4j.client.internal.ThreadLoop;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Collects what a client needs. Not thread-safe; used once. */
public final class RealtimeClientBuilder {
  private static final Library WEBSOCKETS =
      Library.of(
          "Java-WebSocket",
          "org.java_websocket.client.WebSocketClient",
          "org.java-websocket:Java-WebSocket");

  private final List<URI> endpoints = new ArrayList<>();
  private final Map<String, String> headers = new LinkedHashMap<>();
  private @Nullable TokenProvider tokens;
  private @Nullable Executor callbackExecutor;
  private @Nullable SSLContext sslContext;
  private CursorStore cursors = CursorStore.inMemory();
  private OfflinePolicy offlinePolicy = OfflinePolicy.QUEUE;
  private Duration callTimeout = Duration.ofSeconds(10);
  private Duration handshakeTimeout = Duration.ofSeconds(10);
  private int maxMessageBytes = 64 * 1024;
  private int messagesPerSecond = 9;
  private int burst = 16;
  private Clock clock = Clock.systemUTC();
  private @Nullable Supplier<Surroundings> elsewhere;

  static {
    new TestAccess() {
      @Override
      protected void put(RealtimeClientBuilder builder, Supplier<Surroundings> elsewhere) {
        builder.elsewhere = elsewhere;
      }
    };
  }

  RealtimeClientBuilder() {}

  /**
   * Required: where the server is. Further ones are tried in turn when one fails.
   *
   * @param endpoint {@code ws://…} or {@code wss://…}
   */
  public RealtimeClientBuilder endpoint(URI endpoint) {
    boolean fine = "ws".equals(endpoint.getScheme()) || "wss".equals(endpoint.getScheme());
    if (!fine || endpoint.getHost() == null || endpoint.getRawFragment() != null) {
      throw RealtimeException.badRequest("an endpoint is a ws:// or wss:// URI with a host");
    }
    endpoints.add(endpoint);
    return this;
  }

  /** Required, or {@link #token(String)}: where tokens come from. */
  public RealtimeClientBuilder token(TokenProvider provider) {
    this.tokens = provider;
    return this;
  }

  /** A token that never changes: for tests and for tokens that outlive the program. */
  public RealtimeClientBuilder token(String token) {
    return token(() -> CompletableFuture.completedFuture(token));
  }

  /**
   * Where listeners run. It stays the application's and is not shut down. When not called: a daemon
   * thread of the client's own.
   */
  public RealtimeClientBuilder callbackExecutor(Executor executor) {
    this.callbackExecutor = executor;
    return this;
  }

  /** Where the cursor is kept; when not called: in memory. */
  public RealtimeClientBuilder cursorStore(CursorStore store) {
    this.cursors = store;
    return this;
  }

  /** What becomes of calls without a connection; {@code QUEUE} when not called. */
  public RealtimeClientBuilder offlinePolicy(OfflinePolicy policy) {
    this.offlinePolicy = policy;
    return this;
  }

  /** How long the answer to a call, or a token, may take; 10 seconds when not called. */
  public RealtimeClientBuilder callTimeout(Duration timeout) {
    this.callTimeout = positive("callTimeout", timeout);
    return this;
  }

  /** From opening the socket to the server's first message; 10 seconds when not called. */
  public RealtimeClientBuilder handshakeTimeout(Duration timeout) {
    this.handshakeTimeout = positive("handshakeTimeout", timeout);
    return this;
  }

  /** The largest message the server takes, in bytes; 64 KiB when not called. */
  public RealtimeClientBuilder maxMessageBytes(int bytes) {
    if (bytes < 1024) {
      throw RealtimeException.badRequest("maxMessageBytes must be 1,024 or more");
    }
    this.maxMessageBytes = bytes;
    return this;
  }

  /**
   * How fast messages may go out; what is faster waits. When not called 9 a second with bursts of
   * 16, just below what a server allows by default. Raise it only together with the server's limit.
   */
  public RealtimeClientBuilder pace(int messagesPerSecond, int burst) {
    if (messagesPerSecond < 1 || burst < 1) {
      throw RealtimeException.badRequest("the pace needs one message a second and a burst of one");
    }
    this.messagesPerSecond = messagesPerSecond;
    this.burst = burst;
    return this;
  }

  /** Whom to trust with {@code wss}; the JVM's own choice when not called. */
  public RealtimeClientBuilder sslContext(SSLContext context) {
    this.sslContext = context;
    return this;
  }

  /** A further header field of the handshake, for example {@code User-Agent}. */
  public RealtimeClientBuilder header(String name, String value) {
    this.headers.put(name, value);
    return this;
  }

  /** The clock that token expiry is measured with; the system's when not called. */
  public RealtimeClientBuilder clock(Clock clock) {
    this.clock = clock;
    return this;
  }

  /**
   * Builds it; {@link RealtimeClient#connect()} connects it.
   *
   * @throws RealtimeException {@code BAD_REQUEST} that names what is missing; {@code INTERNAL} when
   *     the application excluded Java-WebSocket
   */
  public RealtimeClient build() {
    if (endpoints.isEmpty()) {
      throw RealtimeException.badRequest("a client needs an endpoint: call endpoint(URI)");
    }
    if (tokens == null) {
      throw RealtimeException.badRequest("a client needs a token: call token(TokenProvider)");
    }
    Settings settings =
        new Settings(
            endpoints,
            tokens,
            cursors,
            offlinePolicy,
            callTimeout,
            handshakeTimeout,
            maxMessageBytes);
    Pace pace = new Pace(messagesPerSecond, burst);
    Surroundings surroundings = elsewhere == null ? world() : elsewhere.get();
    return new RealtimeClient(new Machinery(settings, surroundings, pace, callbackExecutor));
  }

  private Surroundings world() {
    WEBSOCKETS.requireFor("RealtimeClient", RealtimeClient.class);
    return new Surroundings(
        new JavaWebSockets(sslContext, headers, handshakeTimeout),
        new ThreadLoop(clock),
        UnaryOperator.identity(),
        () -> ThreadLocalRandom.current().nextDouble());
  }

  private static Duration positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw RealtimeException.badRequest(name + " must be longer than zero");
    }
    return value;
  }
}
