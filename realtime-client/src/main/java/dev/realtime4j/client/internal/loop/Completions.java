package dev.realtime4j.client.internal.loop;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/**
 * Threads for the application's code that hangs on our futures, or that we ask for tokens and
 * cursors. Such code may block, even on another of our futures, so there is a thread for each piece
 * that does, and never more than there can be calls; most of the time there is one or none.
 */
public final class Completions implements Executor {
  private final ExecutorService pool;
  private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);

  /**
   * @param most so many pieces of code may block at a time
   */
  public Completions(int most) {
    this.pool = ClientThreads.completions(most);
  }

  @Override
  public void execute(Runnable task) {
    pool.execute(
        () -> {
          inside.set(true);
          task.run();
        });
  }

  /** Ends the threads; those that still run after this long are interrupted. */
  public void close(Duration within) {
    pool.shutdown();
    if (!inside.get() && !ClientThreads.awaitEnd(pool, within)) {
      pool.shutdownNow();
    }
  }
}
