package dev.realtime4j.server.internal.session.handshake;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.transport.HandshakeHandler.Refused;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.session.address.AddressLimiter;
import dev.realtime4j.server.internal.session.limit.SessionLimits;
import dev.realtime4j.server.internal.session.limit.TokenBuckets;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How often users and addresses connect. An opening costs a hundred times what a message does, so
 * that the number of sockets alone bounds nothing.
 *
 * <p>Thread safety: any thread.
 */
final class ConnectRateLimiter {
  /**
   * So many seconds' worth may come at once: a node that is replaced has all of its users come. By
   * the defaults all sockets of a user, or of an address, twice.
   */
  private static final double BURST_OF_USER = 8;

  private static final double BURST_OF_ADDRESS = 20;

  /** Whatever the rate, so many may come at once. */
  private static final double LEAST_BURST = 20;

  /** Those that are refused together do not come again together. */
  private static final int SPREAD_MILLIS = 10_000;

  private final TokenBuckets<UserId> users;
  private final TokenBuckets<InetAddress> addresses;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;

  ConnectRateLimiter(SessionLimits limits, ServerEnvironment environment) {
    this.nanoTime = environment.nanoTime();
    this.random = environment.random();
    this.users = of(limits.sockets().connectsPerSecondPerUser(), BURST_OF_USER);
    this.addresses = of(limits.sockets().connectsPerSecondPerAddress(), BURST_OF_ADDRESS);
  }

  private static <K> TokenBuckets<K> of(int perSecond, double burst) {
    return new TokenBuckets<>(perSecond, Math.max(LEAST_BURST, burst * perSecond));
  }

  /** Null when one more may come from there now. */
  @Nullable Refused refusal(InetAddress client) {
    return refusal(
        addresses.take(AddressLimiter.counted(client), 1, nanoTime.getAsLong()),
        "too many connects a second from this address");
  }

  /** Null when the user may connect once more now. */
  @Nullable Refused refusal(UserId user) {
    return refusal(users.take(user, 1, nanoTime.getAsLong()), "too many connects a second");
  }

  private @Nullable Refused refusal(@Nullable Duration wait, String message) {
    return wait == null
        ? null
        : new Refused(
            429, ErrorCode.RATE_LIMITED, message, wait.plusMillis(random.nextInt(SPREAD_MILLIS)));
  }
}
