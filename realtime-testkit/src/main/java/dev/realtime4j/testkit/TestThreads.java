package dev.realtime4j.testkit;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The threads of the test kit: daemons named {@code realtime-testkit-<role>-<n>}. */
final class TestThreads {
  private static final AtomicLong COUNT = new AtomicLong();

  private TestThreads() {}

  static ExecutorService one(String role) {
    return new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        task -> {
          Thread thread =
              new Thread(task, "realtime-testkit-" + role + "-" + COUNT.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }
}
