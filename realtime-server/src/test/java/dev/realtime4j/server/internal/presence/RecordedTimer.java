package dev.realtime4j.server.internal.presence;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A timer in the test's hands; it never starts a thread. */
final class RecordedTimer extends ScheduledThreadPoolExecutor {
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private long nanos;

  RecordedTimer() {
    super(0);
  }

  @Override
  @SuppressWarnings("NullAway") // Nobody looks at what is scheduled once.
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    tasks.add(task);
    return null;
  }

  long nanoTime() {
    return nanos;
  }

  int waiting() {
    return tasks.size();
  }

  /** So much time passes, and what was due within it is done. */
  void pass(long millis) {
    nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    for (int left = tasks.size(); left > 0; left--) {
      tasks.remove().run();
    }
  }
}
