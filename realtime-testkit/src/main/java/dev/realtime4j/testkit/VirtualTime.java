package dev.realtime4j.testkit;

import dev.realtime4j.client.internal.loop.Loop;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A time that passes when it is told to.
 *
 * <p>Thread safety: any thread; {@link #advance} by one at a time.
 */
final class VirtualTime {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private record Due(Duration at, long order, Runnable task) {}

  private final PriorityQueue<Due> timers =
      new PriorityQueue<>(Comparator.comparing(Due::at).thenComparing(Due::order));
  private Duration uptime = Duration.ZERO;
  private long order;

  synchronized Duration uptime() {
    return uptime;
  }

  synchronized Instant now() {
    return START.plus(uptime);
  }

  /**
   * Sets a timer.
   *
   * @param task runs on the thread that lets the time pass: it hands over and returns
   */
  synchronized Loop.Timer after(Duration delay, Runnable task) {
    Due due = new Due(uptime.plus(delay.isNegative() ? Duration.ZERO : delay), order++, task);
    timers.add(due);
    return () -> cancel(due);
  }

  private synchronized void cancel(Due due) {
    timers.remove(due);
  }

  /**
   * Lets time pass, from one timer to the next.
   *
   * @param settle waits until all that a timer began is done
   */
  void advance(Duration time, Runnable settle) {
    Duration until = uptime().plus(time);
    settle.run();
    for (Runnable next = next(until); next != null; next = next(until)) {
      next.run();
      settle.run();
    }
  }

  private synchronized @Nullable Runnable next(Duration until) {
    Due due = timers.peek();
    if (due == null || due.at().compareTo(until) > 0) {
      uptime = until.compareTo(uptime) > 0 ? until : uptime;
      return null;
    }
    timers.remove(due);
    uptime = due.at().compareTo(uptime) > 0 ? due.at() : uptime;
    return due.task();
  }
}
