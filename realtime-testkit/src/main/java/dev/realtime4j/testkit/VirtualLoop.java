package dev.realtime4j.testkit;

import dev.realtime4j.client.internal.loop.Loop;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** A client's loop: a thread as in production, but in a time of its own. */
final class VirtualLoop implements Loop {
  private final VirtualTime time;
  private final Activity.Part part;
  private final ExecutorService thread = TestThreads.one("loop");
  private final Executor watched;

  VirtualLoop(VirtualTime time, Activity.Part part) {
    this.time = time;
    this.part = part;
    this.watched = part.watched(thread);
  }

  @Override
  public Instant now() {
    return time.now();
  }

  @Override
  public Duration uptime() {
    return time.uptime();
  }

  @Override
  public boolean execute(Runnable task) {
    try {
      watched.execute(task);
      return true;
    } catch (RejectedExecutionException closed) {
      return false;
    }
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    return time.after(delay, () -> execute(task));
  }

  @Override
  public void close(Duration within) {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(Math.max(0, within.toMillis()), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
    part.end();
  }
}
