package dev.realtime4j.benchmarks;

import java.util.concurrent.TimeUnit;

/**
 * So many messages a second, one room after the other, however slow the answers are. Each delivery
 * counts from the time at which its message should have been sent.
 */
final class RoomPace {
  private final int rooms;
  private final long periodNanos;
  private long start = System.nanoTime();
  private Latencies latencies = new Latencies();
  private long measuredFrom = Long.MAX_VALUE;
  private long measuredTo = Long.MAX_VALUE;

  RoomPace(int rooms, int perSecond) {
    this.rooms = rooms;
    this.periodNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
  }

  /** From now on messages are due. */
  void begin() {
    start = System.nanoTime();
  }

  /** How many more messages of a room are due now, of which so many were published before. */
  long due(int room, long published) {
    long all = (System.nanoTime() - start) / periodNanos + 1;
    return Math.max(0, (all - room + rooms - 1) / rooms - published);
  }

  /** Hears of the messages of a room at one subscriber, who has been there from the first. */
  Arrivals arrivals(int room) {
    return (first, count) -> {
      long now = System.nanoTime();
      for (long message = first; message < first + count; message++) {
        long dueAt = start + (message * rooms + room) * periodNanos;
        if (dueAt - measuredFrom >= 0 && dueAt - measuredTo < 0) {
          latencies.add(now - dueAt);
        }
      }
    };
  }

  /** Measures what is due within this time from now. */
  Latencies measureFor(long nanos) {
    latencies = new Latencies();
    measuredFrom = System.nanoTime();
    measuredTo = measuredFrom + nanos;
    return latencies;
  }
}
