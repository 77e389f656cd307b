package dev.realtime4j.benchmarks;

/** Hears of messages that arrive at the subscribers, each of which gets all of them in order. */
interface Arrivals {
  /** For sockets whose messages nobody counts. */
  Arrivals IGNORED = (first, count) -> {};

  /**
   * One subscriber has received some more.
   *
   * @param first the number of the first of them, from 0
   * @param count how many
   */
  void arrived(long first, int count);
}
