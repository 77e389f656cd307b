package dev.realtime4j.client;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.internal.Library;
import dev.realtime4j.client.internal.ClientEnvironment;
import dev.realtime4j.client.internal.connection.HeaderText;
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
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How the client connects to the server, within {@link RealtimeClient.Builder}.
 *
 * @param <B> the builder itself
 */
abstract class ConnectionBuilder<B extends ConnectionBuilder<B>> {
  private static final Library WEBSOCKETS =
      Library.of(
          "Java-WebSocket",
          "org.java_websocket.client.WebSocketClient",
          "org.java-websocket:Java-WebSocket");
  final List<URI> endpoints = new ArrayList<>();
  private final Map<String, String> headers = new LinkedHashMap<>();
  @Nullable TokenProvider tokens;
  @Nullable SSLContext sslContext;
  @Nullable ProxySelector proxies;
  Duration handshakeTimeout = Duration.ofSeconds(10);
  ReconnectDelays delays = ReconnectDelays.USUAL;
  int maxMessageBytes = 64 * 1024;

  /** This, by the type that the application knows. */
  abstract B self();

  /**
   * Required: the address of the server. Call it again for further ones, which are tried in turn.
   *
   * @param endpoint {@code ws://…} or {@code wss://…}, with a path, and with a query if there is
   *     one. The host may have an underscore, as the names of Compose and Swarm do, or be an IPv6
   *     address in brackets.
   * @throws InvalidValueException that says what is not valid
   */
  public B endpoint(URI endpoint) {
    endpoints.add(Endpoint.of(Objects.requireNonNull(endpoint, "endpoint")).uri());
    return self();
  }

  /** Where tokens come from; required, unless {@link #token} is called. */
  public B tokenProvider(TokenProvider provider) {
    this.tokens = Objects.requireNonNull(provider, "provider");
    return self();
  }

  /**
   * A token that never changes: for tests and for tokens that outlive the program.
   *
   * @throws InvalidValueException when it has characters other than visible ASCII, for example the
   *     line break of the file that it was read from
   */
  public B token(String token) {
    String flaw = HeaderText.flawOfToken(Objects.requireNonNull(token, "token"));
    if (flaw != null) {
      throw new InvalidValueException("this is no token: " + flaw);
    }
    return tokenProvider(() -> token);
  }

  /**
   * How long a connection may take, including TLS and a proxy's part; and then how long nothing may
   * arrive before the server's first message, which gets a minute more while it is arriving. 10
   * seconds when not called.
   */
  public B handshakeTimeout(Duration timeout) {
    this.handshakeTimeout =
        positive("handshakeTimeout", Objects.requireNonNull(timeout, "timeout"));
    return self();
  }

  /**
   * How long the client waits before it reconnects: a random time, under a bound that doubles with
   * each failed attempt, from twice the least to the most. 250 ms and 30 s when not called. A wait
   * that the server asks for is added, and 10 seconds of a stable connection reset the bound.
   *
   * @param least positive; with thousands of clients, not much shorter than the default
   * @param most not shorter than the least
   */
  public B reconnectDelay(Duration least, Duration most) {
    positive("least", Objects.requireNonNull(least, "least"));
    if (Objects.requireNonNull(most, "most").compareTo(least) < 0
        || most.compareTo(ReconnectDelays.LONGEST) > 0) {
      throw new InvalidValueException(
          "most must be " + least + " (the least) to 24 hours, not " + most);
    }
    this.delays = ReconnectDelays.between(least, most);
    return self();
  }

  /**
   * The same, as a function of the application.
   *
   * @param policy gets the number of the next attempt, 1 for the first since the last stable
   *     connection, and returns the wait before it, 24 hours at most. It should add randomness
   *     itself: clients that lost their server together should not come back together. It must not
   *     block. When it throws, or returns null or a negative time, the default delay is used, which
   *     is logged once
   */
  public B reconnectDelay(IntFunction<@Nullable Duration> policy) {
    this.delays = ReconnectDelays.chosen(Objects.requireNonNull(policy, "policy"));
    return self();
  }

  /** The largest message that the server accepts, in bytes; 64 KiB when not called. */
  public B maxMessageBytes(int bytes) {
    if (bytes < 1024) {
      throw new InvalidValueException("maxMessageBytes must be 1,024 or more");
    }
    this.maxMessageBytes = bytes;
    return self();
  }

  /** Which certificates to trust with {@code wss}; the JVM's default when not called. */
  public B sslContext(SSLContext context) {
    this.sslContext = Objects.requireNonNull(context, "context");
    return self();
  }

  /**
   * The proxy that leads to the server: {@code Proxy.Type.HTTP} by {@code CONNECT}, {@code
   * Proxy.Type.SOCKS}, or {@code Proxy.NO_PROXY}. When neither this nor {@link #proxySelector} is
   * called, the JVM's default {@link ProxySelector} is asked, which knows {@code https.proxyHost}
   * (for {@code wss}), {@code http.proxyHost} (for {@code ws}), {@code socksProxyHost} and {@code
   * http.nonProxyHosts}.
   *
   * <p>A proxy that asks for a user and a password gets those of the JVM's default {@link
   * java.net.Authenticator}; an HTTP proxy by the Basic scheme only. The proxy looks up the
   * server's name.
   */
  public B proxy(Proxy proxy) {
    return proxySelector(ProxyChoice.always(Objects.requireNonNull(proxy, "proxy")));
  }

  /**
   * Chooses the proxy, anew for each attempt: called with {@code https://host:port/} where the
   * endpoint is {@code wss}, and with {@code http://host:port/} where it is {@code ws}. Of several
   * proxies the next one is tried when one fails. It may block.
   */
  public B proxySelector(ProxySelector selector) {
    this.proxies = Objects.requireNonNull(selector, "selector");
    return self();
  }

  /**
   * Adds a header field to the handshake, for example {@code User-Agent}.
   *
   * @throws InvalidValueException when it would not be one field
   */
  public B header(String name, String value) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    if (!HeaderText.isName(name) || !HeaderText.isValue(value)) {
      throw new InvalidValueException(
          "a header field has a name, and a value of ASCII on one line");
    }
    this.headers.put(name, value);
    return self();
  }

  ClientEnvironment systemEnvironment(Clock clock) {
    WEBSOCKETS.requireFor("RealtimeClient", RealtimeClient.class);
    return new ClientEnvironment(
        new JavaWebSockets(sslContext, proxies, headers, handshakeTimeout),
        new ThreadLoop(clock),
        UnaryOperator.identity(),
        () -> ThreadLocalRandom.current().nextDouble());
  }

  static Duration positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new InvalidValueException(name + " must be longer than zero");
    }
    return value;
  }
}
