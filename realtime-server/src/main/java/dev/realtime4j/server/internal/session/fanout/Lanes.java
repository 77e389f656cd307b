package dev.realtime4j.server.internal.session.fanout;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The lanes of the transport, as a fan-out needs them: the sockets of one lane are written by one
 * thread.
 */
public interface Lanes {
  /** How many there are. */
  int count();

  /** Runs a task on the thread of a lane, once what waits there has been offered to the sockets. */
  void afterWrites(int lane, Runnable task);

  /**
   * Waits until everything that was given to a {@link Fanout} before is in the outboxes. Twice
   * around: a tick that is running now takes what came meanwhile with its next one.
   *
   * @param atMost how long
   * @return whether it was done in time
   */
  default boolean awaitTicks(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    for (int round = 0; round < 2; round++) {
      CountDownLatch passed = new CountDownLatch(count());
      for (int lane = 0; lane < count(); lane++) {
        afterWrites(lane, passed::countDown);
      }
      if (!passed.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return false;
      }
    }
    return true;
  }
}
