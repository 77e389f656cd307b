package dev.realtime4j.server.internal.notification;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Spreads the pushes of {@code sendAll} and of the relay over time, so that what is sent to one
 * user meanwhile finds gaps and is not behind a hundred thousand others.
 *
 * <p>Thread safety: any thread; all share one pace.
 */
final class BulkRateLimiter {
  /** Pushed in one go: at 10,000 a second a go every five milliseconds. */
  private static final int SLICE = 50;

  private final long nanosPerSlice;
  private long left;
  private long next = System.nanoTime();

  /**
   * @param perSecond at least 1
   */
  BulkRateLimiter(int perSecond) {
    nanosPerSlice = TimeUnit.SECONDS.toNanos(SLICE) / perSecond;
  }

  /** Waits until one more may be pushed; an interrupted thread does not wait. */
  void await() {
    long due = reserve();
    for (long wait = due - System.nanoTime();
        wait > 0 && !Thread.currentThread().isInterrupted();
        wait = due - System.nanoTime()) {
      LockSupport.parkNanos(this, wait);
    }
  }

  /** When the next one may go. Time in which nothing was pushed is not saved up. */
  private synchronized long reserve() {
    if (left == 0) {
      left = SLICE;
      next = Math.max(next + nanosPerSlice, System.nanoTime());
    }
    left--;
    return next;
  }
}
