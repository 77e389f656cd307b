package dev.realtime4j.server.internal.session.limit;

/**
 * How many messages, or bytes of them, may pass: a token bucket that refills at a steady rate.
 *
 * <p>Thread safety: any thread.
 */
final class TokenBucket {
  private final double perNano;
  private final int burst;
  private double tokens;
  private long last;

  /**
   * @param perSecond how many a second
   * @param burst how many at once after a pause
   * @param nanos the monotonic clock's time now
   */
  TokenBucket(int perSecond, int burst, long nanos) {
    this.perNano = perSecond / 1e9;
    this.burst = burst;
    this.tokens = burst;
    this.last = nanos;
  }

  /** Whether one more may pass now. */
  boolean tryPass(long nanos) {
    return tryPass(1, nanos);
  }

  /** Whether so many more may pass now, all of them or none. */
  synchronized boolean tryPass(int messages, long nanos) {
    fill(nanos);
    if (tokens < messages) {
      return false;
    }
    tokens -= messages;
    return true;
  }

  /**
   * Spends so many in any case, on credit when they are not there.
   *
   * @return how long until the credit is paid back, in nanoseconds; 0 when there is none
   */
  synchronized long spend(int cost, long nanos) {
    fill(nanos);
    tokens -= cost;
    return tokens >= 0 ? 0 : (long) Math.ceil(-tokens / perNano);
  }

  private void fill(long nanos) {
    if (nanos > last) {
      tokens = Math.min(burst, tokens + (nanos - last) * perNano);
      last = nanos;
    }
  }

  /** How long until so many may pass, in milliseconds; at least 1. */
  synchronized long waitMillis(int messages) {
    return Math.max(1, (long) Math.ceil((messages - tokens) / perNano / 1e6));
  }

  /** Whether nothing that passed is remembered any more. */
  synchronized boolean isFull(long nanos) {
    fill(nanos);
    return tokens >= burst;
  }
}
