package dev.realtime4j.server;

import static dev.realtime4j.server.SettingChecks.notNegative;
import static dev.realtime4j.server.SettingChecks.positive;
import static dev.realtime4j.server.SettingChecks.within;

import dev.realtime4j.server.internal.session.address.TrustedProxies;
import dev.realtime4j.server.internal.session.handshake.AllowedOrigins;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * How the server runs, within {@link RealtimeServer.Builder}: where it listens, what it requires of
 * sockets, its times and threads.
 *
 * @param <B> the builder itself
 */
abstract class OperationBuilder<B extends OperationBuilder<B>> extends LimitsBuilder<B> {
  /** The TCP port of the WebSocket; 8080 when not called, 0 for any free one. */
  public B port(int port) {
    settings.port = within("port", port, 0, 65_535);
    return self();
  }

  /**
   * The local address on which sockets are accepted; all when not called. {@code 127.0.0.1} or
   * {@code ::1} is for clients and proxies on this machine only.
   *
   * @param address numeric, IPv4 or IPv6, for one interface also {@code fe80::1%eth0}; {@code
   *     0.0.0.0} and {@code ::} are all. The start checks whether this machine has it
   */
  public B bindAddress(String address) {
    settings.bindAddress = BindAddress.parse(Objects.requireNonNull(address, "address"));
    return self();
  }

  /** Like {@link #bindAddress(String)}, with an address object. */
  public B bindAddress(InetAddress address) {
    settings.bindAddress = BindAddress.checked(Objects.requireNonNull(address, "address"));
    return self();
  }

  /** How often a client is asked for a sign of life; 25 s when not called. */
  public B heartbeatInterval(Duration interval) {
    settings.heartbeatInterval =
        positive("heartbeatInterval", Objects.requireNonNull(interval, "interval"));
    return self();
  }

  /** How long a client may take to give that sign of life; 10 s when not called. */
  public B heartbeatTimeout(Duration timeout) {
    settings.heartbeatTimeout =
        positive("heartbeatTimeout", Objects.requireNonNull(timeout, "timeout"));
    return self();
  }

  /** How much longer than the heartbeat interval presence lasts; 15 s when not called. */
  public B presenceBuffer(Duration buffer) {
    settings.presenceBuffer = positive("presenceBuffer", Objects.requireNonNull(buffer, "buffer"));
    return self();
  }

  /** How long a user stays present after their last socket closed; 10 s when not called. */
  public B presenceGrace(Duration grace) {
    settings.presenceGrace = notNegative("presenceGrace", Objects.requireNonNull(grace, "grace"));
    return self();
  }

  /** How long an expired token may still be refreshed; 30 s when not called. */
  public B tokenGrace(Duration grace) {
    settings.tokenGrace = notNegative("tokenGrace", Objects.requireNonNull(grace, "grace"));
    return self();
  }

  /**
   * The origins of browsers that may connect; all when empty or not called.
   *
   * @param origins each with scheme, host and, unless it is the default one, port: {@code
   *     https://example.org}
   */
  public B allowedOrigins(Set<String> origins) {
    AllowedOrigins.of(Objects.requireNonNull(origins, "origins"));
    settings.allowedOrigins = Set.copyOf(origins);
    return self();
  }

  /**
   * The proxies whose {@code X-Forwarded-For} or {@code Forwarded} counts; none when not called.
   * Read from the right, the first address that is no trusted proxy is the client's.
   *
   * @param addresses single ones, and networks in CIDR form: {@code 10.0.0.0/8}, {@code ::1}
   */
  public B trustedProxies(Set<String> addresses) {
    Objects.requireNonNull(addresses, "addresses");
    TrustedProxies.of(addresses);
    settings.trustedProxies = Set.copyOf(addresses);
    return self();
  }

  /**
   * Whether the {@link #trustedProxies} begin each connection with a PROXY header that names its
   * client; {@link ProxyProtocol#OFF} when not called. That address then counts as if the client
   * had connected from it: for the limits, the connection log, and whether it is itself a trusted
   * proxy whose {@code X-Forwarded-For} is read. For the server's own transport.
   */
  public B proxyProtocol(ProxyProtocol proxyProtocol) {
    Objects.requireNonNull(proxyProtocol, "proxyProtocol");
    settings.proxyProtocol = proxyProtocol;
    return self();
  }

  /** How often live sockets are checked for lost pushes; 5 min when not called. */
  public B syncInterval(Duration interval) {
    settings.syncInterval = positive("syncInterval", Objects.requireNonNull(interval, "interval"));
    return self();
  }

  /**
   * After how long any node pushes what the node that committed it did not push; 2 s when not
   * called.
   */
  public B relayLease(Duration lease) {
    settings.relayLease = positive("relayLease", Objects.requireNonNull(lease, "lease"));
    return self();
  }

  /**
   * The time over which a closing server spreads the return of its clients; 10 s when not called.
   */
  public B drainTime(Duration time) {
    settings.drainTime = notNegative("drainTime", Objects.requireNonNull(time, "time"));
    return self();
  }

  /** How many threads move bytes; one for each processor when not called. */
  public B ioThreads(int threads) {
    settings.ioThreads = within("ioThreads", threads, 1, 1024);
    return self();
  }

  /**
   * How many tokens are checked at the same time; 64 when not called. A check that hangs holds one
   * of these threads until it is interrupted after {@link #handshakeTimeout}.
   */
  public B authenticatorThreads(int threads) {
    settings.authenticatorThreads = within("authenticatorThreads", threads, 1, 10_000);
    return self();
  }

  /** How many threads run what may block; four for each processor, at least 16, when not called. */
  public B workerThreads(int threads) {
    settings.workerThreads = within("workerThreads", threads, 1, 10_000);
    return self();
  }
}
