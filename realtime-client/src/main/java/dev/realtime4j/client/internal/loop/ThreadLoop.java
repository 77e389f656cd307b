package dev.realtime4j.client.internal.loop;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A loop on a daemon thread of its own. */
public final class ThreadLoop implements Loop {
  private static final Logger log = LoggerFactory.getLogger(ThreadLoop.class);

  private final Clock clock;
  private final long startNanos = System.nanoTime();
  private final ScheduledThreadPoolExecutor executor;

  public ThreadLoop(Clock clock) {
    this.clock = clock;
    this.executor = new ScheduledThreadPoolExecutor(1, ClientThreads.named("client"));
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public Duration uptime() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  @Override
  public boolean execute(Runnable task) {
    try {
      executor.execute(guarded(task));
      return true;
    } catch (RejectedExecutionException closed) {
      return false;
    }
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    try {
      ScheduledFuture<?> timer =
          executor.schedule(guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
      return () -> timer.cancel(false);
    } catch (RejectedExecutionException closed) {
      return Timer.NONE;
    }
  }

  @Override
  public void close(Duration within) {
    executor.shutdown();
    ClientThreads.awaitEnd(executor, within);
    executor.shutdownNow();
  }

  /** A bug in one message must not silence the client: a scheduled executor would swallow it. */
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        log.error("A task of the client failed; the client goes on", e);
      }
    };
  }
}
