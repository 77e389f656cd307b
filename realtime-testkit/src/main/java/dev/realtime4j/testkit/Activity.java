package dev.realtime4j.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/**
 * Knows what runs or is about to run, so that a test can wait until nothing does: no sleeping, and
 * no guessing how long is long enough.
 *
 * <p>Thread safety: any thread.
 */
final class Activity {
  private static final Duration LONGEST = Duration.ofSeconds(20);
  private static final int LOOKS = 40;
  private static final long BETWEEN_LOOKS_MS = 5;

  private final Set<Part> parts = new HashSet<>();
  private long started;

  /** What belongs together, and ends together. */
  final class Part {
    private final List<Lane> lanes = new ArrayList<>();

    /** Lets an executor's tasks count from when they are handed over. */
    Executor watched(Executor executor) {
      Lane lane = new Lane();
      synchronized (Activity.this) {
        lanes.add(lane);
      }
      return task -> {
        lane.added(1);
        try {
          executor.execute(() -> lane.run(task));
        } catch (RejectedExecutionException e) {
          lane.added(-1);
          throw e;
        }
      };
    }

    /** It is closed: what it left undone will not be done. */
    void end() {
      synchronized (Activity.this) {
        parts.remove(this);
        Activity.this.notifyAll();
      }
    }
  }

  /** The tasks of one executor. */
  private final class Lane {
    private final Set<Thread> running = new HashSet<>();
    private int waiting;

    void run(Runnable task) {
      synchronized (Activity.this) {
        waiting--;
        started++;
        running.add(Thread.currentThread());
      }
      try {
        task.run();
      } finally {
        synchronized (Activity.this) {
          running.remove(Thread.currentThread());
          Activity.this.notifyAll();
        }
      }
    }

    void added(int tasks) {
      synchronized (Activity.this) {
        waiting += tasks;
        Activity.this.notifyAll();
      }
    }

    boolean isIdle() {
      return waiting == 0 && running.isEmpty();
    }

    /**
     * Whether nothing goes on here though there is something to do: all who run wait themselves.
     */
    boolean isStuck() {
      return !running.isEmpty()
          && running.stream()
              .map(Thread::getState)
              .allMatch(
                  state -> state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING);
    }
  }

  synchronized Part part() {
    Part part = new Part();
    parts.add(part);
    return part;
  }

  /**
   * Waits until nothing runs. A listener that itself waits, for an answer or for time to pass, does
   * not count. Returns at once when a listener calls it.
   */
  synchronized void awaitQuiet() {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    long startedBefore = started;
    int quietLooks = 0;
    while (!isIdle() && !isMine() && quietLooks < LOOKS) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "the client was busy for " + LONGEST + ": it runs in circles");
      }
      try {
        wait(BETWEEN_LOOKS_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      quietLooks = started == startedBefore && isStuck() ? quietLooks + 1 : 0;
      startedBefore = started;
    }
  }

  private Stream<Lane> lanes() {
    return parts.stream().flatMap(part -> part.lanes.stream());
  }

  private boolean isIdle() {
    return lanes().allMatch(Lane::isIdle);
  }

  private boolean isMine() {
    return lanes().anyMatch(lane -> lane.running.contains(Thread.currentThread()));
  }

  private boolean isStuck() {
    return lanes().allMatch(lane -> lane.isIdle() || lane.isStuck());
  }
}
