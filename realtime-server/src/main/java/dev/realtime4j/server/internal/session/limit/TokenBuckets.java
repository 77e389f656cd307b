package dev.realtime4j.server.internal.session.limit;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One token bucket for each key, which refills at a steady rate. A bucket that is full again is
 * forgotten, so the map holds only those who did something of late.
 *
 * <p>Thread safety: any thread.
 */
public final class TokenBuckets<K> {
  /** Below this many nobody looks for full ones. */
  private static final int FEW = 1000;

  private record Bucket(double tokens, long at, boolean passed) {}

  private final double perNano;
  private final double most;
  private final ConcurrentHashMap<K, Bucket> buckets = new ConcurrentHashMap<>();

  /** Above it, full buckets are forgotten; then it is twice of what is left. */
  private volatile int sweepAbove = FEW;

  /**
   * @param perSecond how many tokens come a second
   * @param most how many there are at most, and at first
   */
  public TokenBuckets(double perSecond, double most) {
    this.perNano = perSecond / 1e9;
    this.most = most;
  }

  /**
   * Takes tokens, or none.
   *
   * @param cost how many; no more than there can be
   * @param nanos the monotonic clock's time now
   * @return null when they were there; else how long until they are, at least a millisecond
   */
  public @Nullable Duration take(K key, double cost, long nanos) {
    Bucket after =
        buckets.compute(
            key,
            (same, before) -> {
              double now = before == null ? most : filled(before, nanos);
              return new Bucket(now >= cost ? now - cost : now, nanos, now >= cost);
            });
    if (buckets.size() > sweepAbove) {
      sweep(nanos);
    }
    return after.passed
        ? null
        : Duration.ofMillis((long) Math.ceil((cost - after.tokens) / perNano / 1e6));
  }

  private double filled(Bucket bucket, long nanos) {
    return Math.min(most, bucket.tokens + Math.max(0, nanos - bucket.at) * perNano);
  }

  private void sweep(long nanos) {
    buckets.values().removeIf(bucket -> filled(bucket, nanos) >= most);
    sweepAbove = Math.max(FEW, 2 * buckets.size());
  }

  /** How many are remembered. */
  int size() {
    return buckets.size();
  }
}
