package dev.realtime4j.client.internal.connection;

import java.time.Duration;

/** How long to wait before the next attempt: full jitter under a doubling, capped bound. */
public final class ReconnectBackoff {
  static final Duration LEAST = Duration.ofMillis(250);
  static final Duration FIRST_BOUND = Duration.ofMillis(500);
  static final Duration LAST_BOUND = Duration.ofSeconds(30);

  private ReconnectBackoff() {}

  /**
   * @param failures how many attempts failed since the last stable connection, this one not counted
   * @param jitter where between nothing and the bound: 0 (inclusive) to 1 (exclusive)
   */
  public static Duration delay(int failures, double jitter) {
    long bound = FIRST_BOUND.toMillis() << Math.min(failures, 16);
    long capped = Math.min(bound, LAST_BOUND.toMillis());
    return Duration.ofMillis(Math.max(LEAST.toMillis(), (long) (capped * jitter)));
  }
}
