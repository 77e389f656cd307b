package dev.realtime4j.server.internal.room;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Does something whenever it is requested, but at most once a second: what is requested meanwhile
 * is done once when the second is over. So the last request is always followed by one run.
 *
 * <p>Thread safety: any thread requests; never two runs at once.
 */
final class Throttle {
  private static final int PAUSE_MILLIS = 1000;

  private final Runnable task;
  private final ScheduledExecutorService timer;
  private final Executor workers;
  private boolean pausing;
  private boolean requested;

  /** Makes one, on the threads of the node. */
  record Maker(ScheduledExecutorService timer, Executor workers) {
    Throttle make(Runnable task) {
      return new Throttle(task, timer, workers);
    }
  }

  private Throttle(Runnable task, ScheduledExecutorService timer, Executor workers) {
    this.task = task;
    this.timer = timer;
    this.workers = workers;
  }

  void request() {
    synchronized (this) {
      if (pausing) {
        requested = true;
        return;
      }
      pausing = true;
    }
    start();
  }

  private void start() {
    try {
      workers.execute(this::run);
    } catch (RejectedExecutionException theNodeStops) {
      // Nobody is left to be told.
    }
  }

  private void run() {
    try {
      task.run();
    } finally {
      pause();
    }
  }

  private void pause() {
    try {
      timer.schedule(this::pauseOver, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException theNodeStops) {
      // There is no second after this one.
    }
  }

  private void pauseOver() {
    synchronized (this) {
      if (!requested) {
        pausing = false;
        return;
      }
      requested = false;
    }
    start();
  }
}
