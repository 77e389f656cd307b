package dev.realtime4j.server.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes when a test says so, and threads that are none: what is due is done on the
 * thread of the test, by its time, and what is due at once in the order it was given. Where that
 * has to wait, the others get on meanwhile. Chance begins with the same seed each time.
 *
 * <p>The monotonic clock begins below zero, as a JVM's may.
 */
public final class VirtualTime {
  public static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final long FIRST_NANOS = Duration.ofSeconds(-3).toNanos();

  private final TreeSet<VirtualTask<?>> tasks =
      new TreeSet<>(
          Comparator.<VirtualTask<?>>comparingLong(VirtualTask::at)
              .thenComparingLong(VirtualTask::number));
  private final Random random = new Random(7);
  private long passed;
  private long numbers;

  /** A machine for nodes to live on. */
  public VirtualMachine machine() {
    return new VirtualMachine(this);
  }

  /** The wall clock of all machines. */
  public InstantSource clock() {
    return () -> BEGIN.plusNanos(passed());
  }

  long nanoTime() {
    return FIRST_NANOS + passed();
  }

  Random random() {
    return random;
  }

  /** Since the beginning, in nanoseconds. */
  synchronized long passed() {
    return passed;
  }

  /** So much time passes; all that is due within it is done. */
  public void pass(Duration time) {
    until(() -> false, time);
  }

  /** Time passes until something is so, as long as may be; says whether it came. */
  public boolean until(BooleanSupplier isSo, Duration atMost) {
    long end = passed() + atMost.toNanos();
    while (!isSo.getAsBoolean()) {
      VirtualTask<?> next = takeNext(end);
      if (next == null) {
        return isSo.getAsBoolean();
      }
      next.runOnItsThread();
    }
    return true;
  }

  /** The next one that is due by then, whose time it is now; null when it is then. */
  private synchronized @Nullable VirtualTask<?> takeNext(long end) {
    for (Iterator<VirtualTask<?>> each = tasks.iterator(); each.hasNext(); ) {
      VirtualTask<?> task = each.next();
      if (task.at() > end) {
        break;
      }
      if (task.hasThread()) {
        each.remove();
        passed = Math.max(passed, task.at());
        return task;
      }
    }
    passed = Math.max(passed, end);
    return null;
  }

  synchronized void add(VirtualTask<?> task) {
    tasks.add(task);
  }

  synchronized void remove(VirtualTask<?> task) {
    tasks.remove(task);
  }

  synchronized void remove(Predicate<VirtualTask<?>> which) {
    tasks.removeIf(which);
  }

  synchronized long count(Predicate<VirtualTask<?>> which) {
    return tasks.stream().filter(which).count();
  }

  synchronized long nextNumber() {
    return numbers++;
  }
}
