package dev.realtime4j.client.internal.loop;

import java.time.Duration;
import java.time.Instant;

/** The one thread that the protocol runs on, and its clocks. */
public interface Loop {
  /** A thing to be done later, unless it is called off. */
  @FunctionalInterface
  interface Timer {
    /** Nothing to wait for. */
    Timer NONE = () -> {};

    /** Calls it off; harmless when it was done. */
    void cancel();
  }

  /** The time of day: for what the server tells in times of day. */
  Instant now();

  /** Runs on, whatever happens to the time of day: for everything else. */
  Duration uptime();

  /**
   * Runs a task on the loop, after those that were handed over before. From any thread.
   *
   * @return whether it will run; false once the loop is closed
   */
  boolean execute(Runnable task);

  /** Runs a task on the loop later. From any thread. */
  Timer after(Duration delay, Runnable task);

  /** Ends the thread after what was handed over before; waits for it at most this long. */
  void close(Duration within);
}
