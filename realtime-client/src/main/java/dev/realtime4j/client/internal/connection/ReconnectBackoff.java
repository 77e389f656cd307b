package dev.realtime4j.client.internal.connection;

import java.time.Duration;

/** How long to wait before the next attempt: full jitter under a doubling, capped bound. */
public final class ReconnectBackoff {
  static final Duration LEAST = Duration.ofMillis(250);
  static final Duration LAST_BOUND = Duration.ofSeconds(30);

  private ReconnectBackoff() {}

  /**
   * @param failures how many attempts failed since the last stable connection, this one not counted
   * @param jitter where between nothing and the bound: 0 (inclusive) to 1 (exclusive)
   */
  public static Duration delay(int failures, double jitter) {
    return delay(LEAST, LAST_BOUND, failures, jitter);
  }

  /** The same between other bounds; the first one is twice the least. */
  static Duration delay(Duration least, Duration most, int failures, double jitter) {
    long first = 2 * least.toMillis();
    int doublings = Math.min(failures, Long.numberOfLeadingZeros(first) - 2);
    long capped = Math.min(first << doublings, most.toMillis());
    return Duration.ofMillis(Math.max(least.toMillis(), (long) (capped * jitter)));
  }
}
