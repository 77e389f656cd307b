package dev.realtime4j.client.internal.call;

import java.time.Duration;

/**
 * How many messages may go out: a bucket of tokens that fills steadily. It stays below what a
 * server allows, so that coming back to a hundred rooms is not taken for an attack. A new
 * connection does not fill it: the server remembers what the user has sent.
 *
 * <p>Used by the loop only.
 */
public final class CallRateLimiter {
  private final double perNano;
  private final int burst;
  private double tokens;
  private long filledAt;

  /**
   * @param perSecond how many in the long run
   * @param burst how many at once after a silence
   */
  public CallRateLimiter(int perSecond, int burst) {
    this.perNano = perSecond / 1e9;
    this.burst = burst;
    this.tokens = burst;
  }

  /**
   * Takes tokens.
   *
   * @param cost how many; of more than there can be, as many as there can be
   * @return zero when they were there; otherwise how long until they are, and none was taken
   */
  public Duration take(int cost, Duration uptime) {
    long now = uptime.toNanos();
    int taken = Math.min(cost, burst);
    tokens = Math.min(burst, tokens + (now - filledAt) * perNano);
    filledAt = now;
    if (tokens >= taken) {
      tokens -= taken;
      return Duration.ZERO;
    }
    // Rounded up to the grain of the timers, so that the next try finds its tokens.
    return Duration.ofMillis((long) Math.ceil((taken - tokens) / perNano / 1e6) + 1);
  }
}
