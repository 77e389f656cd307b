package dev.realtime4j.client.internal.loop;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The threads of clients: daemons named {@code realtime-<role>-<n>}. */
public final class ClientThreads {
  private static final AtomicLong COUNT = new AtomicLong();

  private ClientThreads() {}

  public static ThreadFactory named(String role) {
    return task -> {
      Thread thread = new Thread(task, "realtime-" + role + "-" + COUNT.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** One thread, for the application's listeners. */
  public static ExecutorService callbacks() {
    return pool("client-callback", 1, 1, new LinkedBlockingQueue<>());
  }

  static ExecutorService completions(int most) {
    return pool("client-completion", 0, most, new SynchronousQueue<>());
  }

  private static ExecutorService pool(
      String role, int core, int most, BlockingQueue<Runnable> queue) {
    return new ThreadPoolExecutor(core, most, 5, TimeUnit.SECONDS, queue, named(role));
  }

  /** Waits for an executor that was shut down; keeps an interrupt for the caller. */
  public static boolean awaitEnd(ExecutorService executor, Duration within) {
    return uninterrupted(
        within, left -> executor.awaitTermination(left.toNanos(), TimeUnit.NANOSECONDS));
  }

  /** Something that waits at most so long. */
  @FunctionalInterface
  public interface Wait {
    boolean forAtMost(Duration left) throws InterruptedException;
  }

  /** Waits on when interrupted, so that everything is done in its time; the caller is told then. */
  public static boolean uninterrupted(Duration within, Wait wait) {
    long end = System.nanoTime() + within.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return wait.forAtMost(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
