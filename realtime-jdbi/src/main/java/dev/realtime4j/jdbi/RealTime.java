package dev.realtime4j.jdbi;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Where this module takes time and chance from, and nowhere else: a database lives in real time,
 * whatever its callers live in.
 */
final class RealTime {
  private RealTime() {}

  /** The monotonic clock. */
  static long nanoTime() {
    return System.nanoTime();
  }

  /**
   * Has the calling thread wait for a random time; false when it is to end.
   *
   * @param longestMicros at most so many microseconds, and at least half of it
   */
  static boolean pause(long longestMicros) {
    try {
      TimeUnit.MICROSECONDS.sleep(
          ThreadLocalRandom.current().nextLong(longestMicros / 2, longestMicros));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
