package dev.realtime4j.benchmarks;

import java.time.Duration;

/**
 * Counts latencies in classes that are 3 % wide; adding allocates nothing.
 *
 * <p>Thread safety: any thread.
 */
final class Latencies {
  private static final int BITS = 5; // 32 classes for each power of two
  private static final int CLASSES = 1 << BITS;

  private final long[] counts = new long[CLASSES * Long.SIZE];
  private long total;

  synchronized void add(long nanos) {
    counts[classOf(Math.max(CLASSES, nanos))]++;
    total++;
  }

  /** How many were added. */
  synchronized long total() {
    return total;
  }

  /**
   * What so many percent did not exceed, rounded up to its class; zero when there are none.
   *
   * @param percent 0 to 100
   */
  synchronized Duration percentile(double percent) {
    long wanted = (long) Math.ceil(total * percent / 100);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= wanted && seen > 0) {
        return Duration.ofNanos(endOf(i));
      }
    }
    return Duration.ZERO;
  }

  private static int classOf(long nanos) {
    int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - BITS;
    return shift * CLASSES + (int) (nanos >>> shift); // the leading bit counts as one power more
  }

  private static long endOf(int index) {
    int shift = index / CLASSES - 1;
    return (index - (long) shift * CLASSES + 1) << shift;
  }
}
