package dev.realtime4j.server;

import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the process alive by a thread that does nothing else. Not by one of those that work: each
 * of them belongs to a part that may be replaced (the transport), or ends when it is idle.
 *
 * <p>Used by one thread at a time.
 */
final class ProcessHold {
  private final ProcessLifetime lifetime;
  private @Nullable CountDownLatch released;

  ProcessHold(ProcessLifetime lifetime) {
    this.lifetime = lifetime;
  }

  /** From now on, whichever thread calls: one that is a daemon would hand that on. */
  void begin() {
    if (lifetime == ProcessLifetime.DAEMON) {
      return;
    }
    CountDownLatch latch = new CountDownLatch(1);
    Thread thread = new Thread(() -> await(latch), "realtime-process-1");
    thread.setDaemon(false);
    thread.setContextClassLoader(null); // it runs nothing of the application's
    thread.start();
    released = latch;
  }

  /** Idempotent. */
  void end() {
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
