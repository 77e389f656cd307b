package dev.realtime4j.server.internal.node;

import dev.realtime4j.server.internal.environment.ServerThreads;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the process alive by a thread that does nothing else. Not by one of those that work: each
 * of them belongs to a part that may be replaced (the transport), or ends when it is idle.
 *
 * <p>Used by one thread at a time.
 */
public final class ProcessHold {
  private final boolean daemon;
  private final ServerThreads threads;
  private @Nullable CountDownLatch released;

  /**
   * @param daemon it holds nothing
   */
  public ProcessHold(boolean daemon, ServerThreads threads) {
    this.daemon = daemon;
    this.threads = threads;
  }

  /** From now on, whichever thread calls: one that is a daemon would hand that on. */
  public void begin() {
    if (daemon) {
      return;
    }
    CountDownLatch latch = new CountDownLatch(1);
    Thread thread = threads.thread("realtime-process-1", () -> await(latch));
    thread.setDaemon(false);
    thread.setContextClassLoader(null); // it runs nothing of the application's
    thread.start();
    released = latch;
  }

  /** Idempotent. */
  public void end() {
    if (released != null) {
      released.countDown();
    }
  }

  /**
   * An interrupt is no reason to end: who interrupts all threads of a group means those that work.
   */
  private static void await(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException ignored) {
        // Looks again.
      }
    }
  }
}
