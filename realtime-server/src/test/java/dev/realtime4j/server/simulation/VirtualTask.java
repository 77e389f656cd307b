package dev.realtime4j.server.simulation;

import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Something that is due at a time. */
final class VirtualTask<T> extends FutureTask<T> implements ScheduledFuture<T> {
  private final VirtualTime time;
  private final VirtualExecutor executor;
  private final long pause;
  private final boolean later;
  private long at;
  private long number;

  /**
   * @param delay in nanoseconds
   * @param pause how long after its end it is due again; negative for never
   */
  VirtualTask(
      VirtualTime time, VirtualExecutor executor, Callable<T> work, long delay, long pause) {
    super(work);
    this.time = time;
    this.executor = executor;
    this.pause = pause;
    this.later = delay > 0;
    dueIn(delay);
  }

  private void dueIn(long delay) {
    at = time.passed() + Math.max(0, delay);
    number = time.nextNumber();
  }

  long at() {
    return at;
  }

  /** What is due at the same time is done in this order. */
  long number() {
    return number;
  }

  VirtualExecutor executor() {
    return executor;
  }

  /** Whether it was to be done later, not at once. */
  boolean isLater() {
    return later;
  }

  boolean hasThread() {
    return executor.hasThread();
  }

  void runOnItsThread() {
    executor.begin();
    try {
      if (pause < 0) {
        run();
      } else if (runAndReset() && !executor.isShutdown()) {
        dueIn(pause);
        time.add(this);
      }
    } finally {
      executor.end();
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    time.remove(this);
    return super.cancel(mayInterruptIfRunning);
  }

  @Override
  public long getDelay(TimeUnit unit) {
    return unit.convert(at - time.passed(), TimeUnit.NANOSECONDS);
  }

  @Override
  public int compareTo(Delayed other) {
    return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
  }
}
