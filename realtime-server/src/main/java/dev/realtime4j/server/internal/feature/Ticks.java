package dev.realtime4j.server.internal.feature;

import java.time.Duration;

/** What a node does again and again. */
@FunctionalInterface
public interface Ticks {
  /**
   * Does something again and again, each time so long after the last one ended. It may block on a
   * store; what it throws is logged, and it is done again.
   *
   * @param what names it in the log
   */
  void every(Duration pause, String what, Runnable task);

  /**
   * How often to look for something that takes so long: a quarter of it, a tenth of a second to a
   * second.
   */
  static Duration within(Duration time) {
    return Duration.ofMillis(Math.min(1000, Math.max(100, time.toMillis() / 4)));
  }
}
