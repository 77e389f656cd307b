package dev.realtime4j.server.internal.websocket;

import java.util.concurrent.TimeUnit;

/** Ending the transport's threads. */
final class TransportThreads {
  private TransportThreads() {}

  /** Waits for the end of a thread, but not of the one that asks, and not beyond the given time. */
  static void awaitEnd(Thread thread, long nanos) {
    if (thread == Thread.currentThread()) {
      return;
    }
    try {
      TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, nanos));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
