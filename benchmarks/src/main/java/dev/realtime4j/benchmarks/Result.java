package dev.realtime4j.benchmarks;

import java.time.Duration;

/**
 * What a round measured.
 *
 * @param deliveriesPerSecond messages that arrived at a subscriber, in a second
 * @param messagesPerFrame how many of them came in one frame
 * @param published messages published, the warm-up included
 * @param delivered how often they arrived until nothing was missing, or nothing more came
 * @param p50 half of the deliveries took no longer; zero unless at a fixed rate
 * @param p99 of a hundred deliveries 99 took no longer; zero unless at a fixed rate
 */
record Result(
    Contender contender,
    double deliveriesPerSecond,
    double messagesPerFrame,
    long published,
    long delivered,
    Duration p50,
    Duration p99) {

  String line() {
    String line =
        String.format(
            "%-25s %,11.0f deliveries/s %6.1f messages/frame",
            contender.title(), deliveriesPerSecond, messagesPerFrame);
    return p99.isZero()
        ? line
        : line + String.format("   p50 %.2f ms   p99 %.2f ms", millis(p50), millis(p99));
  }

  private static double millis(Duration time) {
    return time.toNanos() / 1e6;
  }
}
