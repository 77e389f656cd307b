package dev.realtime4j.server.internal.websocket;

import java.util.concurrent.TimeUnit;

/** Starting and ending the transport's threads. */
final class Threads {
  private Threads() {}

  static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
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
