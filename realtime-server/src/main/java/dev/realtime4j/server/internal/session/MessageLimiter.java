package dev.realtime4j.server.internal.session;

/**
 * How many messages a socket may send: a token bucket that refills at a steady rate.
 *
 * <p>Thread safety: used by one session's inbox, one call at a time.
 */
final class MessageLimiter {
  private final double perNano;
  private final int burst;
  private double tokens;
  private long last;

  /**
   * @param perSecond how many a second
   * @param burst how many at once after a pause
   * @param nanos the time now, of {@link System#nanoTime}
   */
  MessageLimiter(int perSecond, int burst, long nanos) {
    this.perNano = perSecond / 1e9;
    this.burst = burst;
    this.tokens = burst;
    this.last = nanos;
  }

  /** Whether one more may pass now. */
  boolean tryPass(long nanos) {
    tokens = Math.min(burst, tokens + (nanos - last) * perNano);
    last = nanos;
    if (tokens < 1) {
      return false;
    }
    tokens -= 1;
    return true;
  }

  /** How long until the next one may pass, in milliseconds; at least 1. */
  long waitMillis() {
    return Math.max(1, (long) Math.ceil((1 - tokens) / perNano / 1e6));
  }
}
