package dev.realtime4j.server.internal.notification;

import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.environment.ServerThreads;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

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
  private final LongSupplier nanoTime;
  private final ServerThreads threads;
  private long next;

  /**
   * @param perSecond at least 1
   * @param environment its time, and where a thread waits
   */
  BulkRateLimiter(int perSecond, ServerEnvironment environment) {
    nanosPerSlice = TimeUnit.SECONDS.toNanos(SLICE) / perSecond;
    nanoTime = environment.nanoTime();
    threads = environment.threads();
    next = nanoTime.getAsLong();
  }

  /** Waits until one more may be pushed; an interrupted thread does not wait. */
  void await() {
    long wait = reserve() - nanoTime.getAsLong();
    if (wait > 0) {
      try {
        threads.pause(wait);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** When the next one may go. Time in which nothing was pushed is not saved up. */
  private synchronized long reserve() {
    if (left == 0) {
      left = SLICE;
      next = Math.max(next + nanosPerSlice, nanoTime.getAsLong());
    }
    left--;
    return next;
  }
}
