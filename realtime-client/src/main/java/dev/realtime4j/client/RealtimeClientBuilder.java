package dev.realtime4j.client;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.internal.Library;
import dev.realtime4j.client.internal.ClientEnvironment;
import dev.realtime4j.client.internal.ClientEnvironments;
import dev.realtime4j.client.internal.ClientRuntime;
import dev.realtime4j.client.internal.ClientSettings;
import dev.realtime4j.client.internal.call.CallRateLimiter;
import dev.realtime4j.client.internal.connection.HeaderText;
import dev.realtime4j.client.internal.connection.ProvidedTokens;
import dev.realtime4j.client.internal.connection.ReconnectDelays;
import dev.realtime4j.client.internal.loop.ThreadLoop;
import dev.realtime4j.client.internal.websocket.Endpoint;
import dev.realtime4j.client.internal.websocket.JavaWebSockets;
import dev.realtime4j.client.internal.websocket.ProxyChoice;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
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
  private @Nullable ProxySelector proxies;
  private CursorStore cursors = CursorStore.inMemory();
  private OfflinePolicy offlinePolicy = OfflinePolicy.QUEUE;
  private Duration callTimeout = Duration.ofSeconds(10);
  private Duration handshakeTimeout = Duration.ofSeconds(10);
  private ReconnectDelays delays = ReconnectDelays.USUAL;
  private int maxMessageBytes = 64 * 1024;
  private int messagesPerSecond = 9;
  private int burst = 16;
  private Clock clock = Clock.systemUTC();

  RealtimeClientBuilder() {}

  /**
   * Required: where the server is. Further ones are tried in turn when one fails.
   *
   * @param endpoint {@code ws://…} or {@code wss://…}, with a path, and with a query if there is
   *     one. The host may have an underscore, as the names of Compose and Swarm do, or be an
   *     address of IPv6 in brackets.
   * @throws InvalidValueException that says what does not fit
   */
  public RealtimeClientBuilder endpoint(URI endpoint) {
    endpoints.add(Endpoint.of(Objects.requireNonNull(endpoint, "endpoint")).uri());
    return this;
  }

  /** Required, or {@link #token}: where tokens come from. */
  public RealtimeClientBuilder tokenProvider(TokenProvider provider) {
    this.tokens = Objects.requireNonNull(provider, "provider");
    return this;
  }

  /**
   * A token that never changes: for tests and for tokens that outlive the program.
   *
   * @throws InvalidValueException when it has something else than visible ASCII, for example the
   *     line break of the file that it comes from
   */
  public RealtimeClientBuilder token(String token) {
    String flaw = HeaderText.flawOfToken(Objects.requireNonNull(token, "token"));
    if (flaw != null) {
      throw new InvalidValueException("this is no token: " + flaw);
    }
    return tokenProvider(() -> token);
  }

  /**
   * Where listeners run. It stays the application's and is not shut down. When not called: a daemon
   * thread of the client's own.
   */
  public RealtimeClientBuilder callbackExecutor(Executor executor) {
    this.callbackExecutor = Objects.requireNonNull(executor, "executor");
    return this;
  }

  /** Where the cursor is kept; when not called: in memory. */
  public RealtimeClientBuilder cursorStore(CursorStore store) {
    this.cursors = Objects.requireNonNull(store, "store");
    return this;
  }

  /** What becomes of calls without a connection; {@code QUEUE} when not called. */
  public RealtimeClientBuilder offlinePolicy(OfflinePolicy policy) {
    this.offlinePolicy = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * How long the answer to a call, or a token, may take; 10 seconds when not called. A call has the
   * time besides that its bytes need at 2 kB a second, and is waited for while its answer, or what
   * lies before it, is arriving.
   */
  public RealtimeClientBuilder callTimeout(Duration timeout) {
    this.callTimeout = positive("callTimeout", Objects.requireNonNull(timeout, "timeout"));
    return this;
  }

  /**
   * How long a connection may take, with TLS and a proxy's part of it; and how long nothing may
   * arrive behind it until the server's first message is there, for which a minute more is left
   * while it arrives. 10 seconds when not called.
   */
  public RealtimeClientBuilder handshakeTimeout(Duration timeout) {
    this.handshakeTimeout =
        positive("handshakeTimeout", Objects.requireNonNull(timeout, "timeout"));
    return this;
  }

  /**
   * How long to wait before the client comes back: a random time, under a bound that doubles with
   * each attempt that failed, from twice the least to the most. 250 ms and 30 s when not called.
   * What the server asks for is added, and 10 seconds of a stable connection begin it anew.
   *
   * @param least longer than nothing: with thousands of clients, not much shorter than usual
   * @param most not shorter than the least
   */
  public RealtimeClientBuilder reconnectDelay(Duration least, Duration most) {
    positive("least", Objects.requireNonNull(least, "least"));
    if (Objects.requireNonNull(most, "most").compareTo(least) < 0
        || most.compareTo(ReconnectDelays.LONGEST) > 0) {
      throw new InvalidValueException(
          "most must be " + least + " (the least) to 24 hours, not " + most);
    }
    this.delays = ReconnectDelays.between(least, most);
    return this;
  }

  /**
   * The same as a function of the application's own.
   *
   * @param policy is given which attempt is next, 1 for the first since the last stable connection,
   *     and gives the wait before it, 24 hours at most. Chance is its own matter: clients that lost
   *     their server at once should not come back at once. It must not block. When it throws, or
   *     gives null or a negative time, the usual delay is used, and the log told once
   */
  public RealtimeClientBuilder reconnectDelay(IntFunction<@Nullable Duration> policy) {
    this.delays = ReconnectDelays.chosen(Objects.requireNonNull(policy, "policy"));
    return this;
  }

  /** The largest message the server takes, in bytes; 64 KiB when not called. */
  public RealtimeClientBuilder maxMessageBytes(int bytes) {
    if (bytes < 1024) {
      throw new InvalidValueException("maxMessageBytes must be 1,024 or more");
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
      throw new InvalidValueException("the pace needs one message a second and a burst of one");
    }
    this.messagesPerSecond = messagesPerSecond;
    this.burst = burst;
    return this;
  }

  /** Whom to trust with {@code wss}; the JVM's own choice when not called. */
  public RealtimeClientBuilder sslContext(SSLContext context) {
    this.sslContext = Objects.requireNonNull(context, "context");
    return this;
  }

  /**
   * The proxy that leads to the server: {@code Proxy.Type.HTTP} by {@code CONNECT}, {@code
   * Proxy.Type.SOCKS}, or {@code Proxy.NO_PROXY}. When neither this nor {@link #proxySelector} is
   * called, the JVM's default {@link ProxySelector} is asked, which knows {@code https.proxyHost}
   * (for {@code wss}), {@code http.proxyHost} (for {@code ws}), {@code socksProxyHost} and {@code
   * http.nonProxyHosts}.
   *
   * <p>A proxy that asks for a user and a password gets those of the JVM's default {@link
   * java.net.Authenticator}; an HTTP proxy by the scheme Basic only. Through a proxy the server's
   * name is looked up by the proxy.
   */
  public RealtimeClientBuilder proxy(Proxy proxy) {
    return proxySelector(ProxyChoice.always(Objects.requireNonNull(proxy, "proxy")));
  }

  /**
   * Chooses the proxy, for each attempt anew: asked for {@code https://host:port/} where the
   * endpoint is {@code wss}, and for {@code http://host:port/} where it is {@code ws}. Of several
   * proxies the next one is tried when one fails. Called on a thread that may be blocked.
   */
  public RealtimeClientBuilder proxySelector(ProxySelector selector) {
    this.proxies = Objects.requireNonNull(selector, "selector");
    return this;
  }

  /**
   * A further header field of the handshake, for example {@code User-Agent}.
   *
   * @throws InvalidValueException when it would not be one field
   */
  public RealtimeClientBuilder header(String name, String value) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    if (!HeaderText.isName(name) || !HeaderText.isValue(value)) {
      throw new InvalidValueException(
          "a header field has a name, and a value of ASCII on one line");
    }
    this.headers.put(name, value);
    return this;
  }

  /**
   * The clock that token expiry is measured with where the server does not tell its own time; the
   * system's when not called.
   */
  public RealtimeClientBuilder clock(Clock clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    return this;
  }

  /**
   * Builds it; {@link RealtimeClient#connect()} connects it.
   *
   * @throws InvalidValueException that names what is missing; {@code INTERNAL} when the application
   *     excluded Java-WebSocket
   */
  public RealtimeClient build() {
    if (endpoints.isEmpty()) {
      throw new IllegalStateException("a client needs an endpoint: call endpoint(URI)");
    }
    if (tokens == null) {
      throw new IllegalStateException(
          "a client needs tokens: call tokenProvider(TokenProvider) or token(String)");
    }
    ClientSettings settings =
        new ClientSettings(
            endpoints,
            new ProvidedTokens(tokens),
            cursors,
            offlinePolicy,
            callTimeout,
            handshakeTimeout,
            delays,
            maxMessageBytes);
    CallRateLimiter pace = new CallRateLimiter(messagesPerSecond, burst);
    Supplier<ClientEnvironment> chosen = ClientEnvironments.of(this);
    ClientEnvironment environment = chosen == null ? systemEnvironment() : chosen.get();
    return new RealtimeClient(new ClientRuntime(settings, environment, pace, callbackExecutor));
  }

  private ClientEnvironment systemEnvironment() {
    WEBSOCKETS.requireFor("RealtimeClient", RealtimeClient.class);
    return new ClientEnvironment(
        new JavaWebSockets(sslContext, proxies, headers, handshakeTimeout),
        new ThreadLoop(clock),
        UnaryOperator.identity(),
        () -> ThreadLocalRandom.current().nextDouble());
  }

  private static Duration positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new InvalidValueException(name + " must be longer than zero");
    }
    return value;
  }
}
