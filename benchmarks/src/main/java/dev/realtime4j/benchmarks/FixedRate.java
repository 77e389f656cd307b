package dev.realtime4j.benchmarks;

import java.util.concurrent.TimeUnit;

/**
 * So many messages a second, however slow the answers are. Each delivery counts from the time at
 * which its message should have been sent: a load that is late hides nothing.
 */
final class FixedRate implements Pace {
  /** A select may sleep that much longer than asked for. */
  private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final long periodNanos;
  private final long start = System.nanoTime();
  private final Latencies latencies = new Latencies();
  private long measuredFrom = Long.MAX_VALUE;

  FixedRate(int perSecond) {
    this.periodNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
  }

  Latencies latencies() {
    return latencies;
  }

  @Override
  public long due(long published) {
    return Math.max(0, (System.nanoTime() - start) / periodNanos + 1 - published);
  }

  @Override
  public long patienceMillis(long published) {
    long left = start + published * periodNanos - System.nanoTime() - SLACK_NANOS;
    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(left));
  }

  @Override
  public void arrived(long first, int count) {
    long now = System.nanoTime();
    for (long message = Math.max(first, measuredFrom); message < first + count; message++) {
      latencies.add(now - (start + message * periodNanos));
    }
  }

  @Override
  public void measureFrom(long message) {
    measuredFrom = message;
  }
}
