package dev.realtime4j.server.internal.presence;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets the changes of one user's status be told apart: the first at once, and then what is the last
 * one when the time is over. A timer runs only while something waits to be told.
 *
 * <p>Thread safety: none but by the lock of who uses it.
 */
final class Flapping {
  private final Maker how;
  private final Runnable due;
  private long toldAt;
  private boolean waiting;

  /**
   * What all users have in common.
   *
   * @param apart how long between two changes that are told
   * @param timer for what is told later
   * @param nanoTime the monotonic clock
   */
  record Maker(Duration apart, ScheduledExecutorService timer, LongSupplier nanoTime) {
    /**
     * @param due what waits may be told, after {@link #isOver}; called by the timer
     */
    Flapping make(Runnable due) {
      return new Flapping(this, due);
    }
  }

  private Flapping(Maker how, Runnable due) {
    this.how = how;
    this.due = due;
    this.toldAt = how.nanoTime.getAsLong() - how.apart.toNanos();
  }

  /** Whether a change may be told now; if not, {@code due} is called when it may. */
  boolean mayTell() {
    if (waiting) {
      return false;
    }
    long now = how.nanoTime.getAsLong();
    long left = toldAt + how.apart.toNanos() - now;
    if (left <= 0 || !isTimed(left)) {
      toldAt = now;
      return true;
    }
    waiting = true;
    return false;
  }

  private boolean isTimed(long nanos) {
    try {
      how.timer.schedule(due, nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (RejectedExecutionException theNodeStops) {
      return false;
    }
  }

  /** The time of what waited has come. */
  void isOver() {
    waiting = false;
  }
}
