package dev.realtime4j.benchmarks;

/** So many messages under way at a time; one is done when every subscriber has it. */
final class InFlight implements Pace {
  private static final long PATIENCE_MILLIS = 100;

  private final int window;
  private final int subscribers;
  private final int[]
      missing; // subscribers that lack the message of this number, modulo the window
  private long started;
  private long done;

  InFlight(int window, int subscribers) {
    this.window = window;
    this.subscribers = subscribers;
    this.missing = new int[window];
  }

  @Override
  public long due(long published) {
    long due = window - (published - done);
    while (started < published + due) {
      missing[(int) (started++ % window)] = subscribers;
    }
    return due;
  }

  /** Each gets them in order: so no message is done before the one ahead of it. */
  @Override
  public void arrived(long first, int count) {
    for (long message = first; message < first + count; message++) {
      if (--missing[(int) (message % window)] == 0) {
        done++;
      }
    }
  }

  @Override
  public long patienceMillis(long published) {
    return PATIENCE_MILLIS;
  }

  @Override
  public void measureFrom(long message) {}
}
