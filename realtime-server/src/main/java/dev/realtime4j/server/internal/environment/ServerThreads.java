package dev.realtime4j.server.internal.environment;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Where a server's threads come from, and how they wait. All are daemons, named {@code
 * realtime-<role>-<number>}; whoever asks for some ends them.
 *
 * <p>Thread safety: any thread.
 */
public interface ServerThreads {
  /**
   * Threads for what may block; each ends when it was idle for long.
   *
   * @param role what they are for, in their names
   * @param most how many at the same time
   * @param mostWaiting how many tasks may wait for them; those beyond are rejected
   */
  ExecutorService pool(String role, int most, int mostWaiting);

  /**
   * Threads for what is due later, or again and again. What was due later is dropped at the end.
   *
   * @param role what they are for, in their names
   * @param count how many
   */
  ScheduledExecutorService timer(String role, int count);

  /**
   * A thread of its own for what waits for a network: an event loop, a connection that listens. Not
   * started.
   *
   * @param name all of it
   */
  Thread thread(String name, Runnable task);

  /**
   * Has the calling thread do nothing for a while.
   *
   * @param nanos how long, in nanoseconds; none when it is not positive
   * @throws InterruptedException when the thread is interrupted, or was
   */
  void pause(long nanos) throws InterruptedException;

  /**
   * Has the calling thread wait until something is done, be it that it failed.
   *
   * @return whether it was done in time
   * @throws InterruptedException when the thread is interrupted, or was
   */
  boolean await(Future<?> done, Duration atMost) throws InterruptedException;
}
