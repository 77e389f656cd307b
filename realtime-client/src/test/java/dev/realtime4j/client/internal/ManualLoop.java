package dev.realtime4j.client.internal;

import dev.realtime4j.client.internal.loop.Loop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;

/** A loop without a thread, whose time passes when a test says so. */
final class ManualLoop implements Loop {
  private record Due(Duration at, long order, Runnable task) {}

  static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final Deque<Runnable> ready = new ArrayDeque<>();
  private final PriorityQueue<Due> timers =
      new PriorityQueue<>(Comparator.comparing(Due::at).thenComparing(Due::order));
  private Duration uptime = Duration.ZERO;
  private long order;

  /** How wrong the clock of this machine is; the time that passes does not depend on it. */
  Duration wrongBy = Duration.ZERO;

  @Override
  public Instant now() {
    return trueTime().plus(wrongBy);
  }

  Instant trueTime() {
    return START.plus(uptime);
  }

  @Override
  public Duration uptime() {
    return uptime;
  }

  @Override
  public boolean execute(Runnable task) {
    ready.add(task);
    return true;
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    Due due = new Due(uptime.plus(delay), order++, task);
    timers.add(due);
    return () -> timers.remove(due);
  }

  @Override
  public void close(Duration within) {
    timers.clear();
  }

  /** Runs what is ready; whether there was anything. */
  boolean run() {
    boolean any = !ready.isEmpty();
    while (!ready.isEmpty()) {
      ready.removeFirst().run();
    }
    return any;
  }

  /** Lets the time pass to the next timer that is due by then, and runs it; false when none is. */
  boolean step(Duration until) {
    Due next = timers.peek();
    if (next == null || next.at().compareTo(until) > 0) {
      uptime = until;
      return false;
    }
    timers.remove(next);
    uptime = next.at().compareTo(uptime) > 0 ? next.at() : uptime;
    next.task().run();
    return true;
  }
}
