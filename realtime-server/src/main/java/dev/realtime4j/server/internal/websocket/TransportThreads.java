package dev.realtime4j.server.internal.websocket;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Starting and ending the transport's threads. */
final class TransportThreads {
  private TransportThreads() {}

  static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Does the arithmetic of TLS handshakes; idle threads end. */
  static ExecutorService tlsTasks(int threads) {
    AtomicInteger count = new AtomicInteger();
    // At most one task for each half-open socket waits here.
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> daemon("realtime-tls-" + count.incrementAndGet(), task));
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Waits for the end of a thread, but not of the one that asks, and not beyond the given time. */
  static void awaitEnd(Thread thread, long endNanos) {
    if (thread == Thread.currentThread()) {
      return;
    }
    try {
      TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, endNanos - System.nanoTime()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
