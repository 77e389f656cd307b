package dev.realtime4j.client.internal.call;

import java.time.Duration;

/**
 * How long what was sent may be under way: a network takes bytes long before they are at the other
 * end, so that nobody here sees them move. Reckoned with the slowest link that is supported.
 *
 * <p>Used by the loop only.
 */
final class BytesInFlight {
  /** The slowest link on which everything works. */
  static final int BYTES_A_SECOND = 2_000;

  /** What goes out in less is not worth a word. */
  private static final Duration LEAST = Duration.ofSeconds(2);

  private Duration clearAt = Duration.ZERO;

  /** A new connection: nothing is under way. */
  void clear() {
    clearAt = Duration.ZERO;
  }

  /**
   * Something is sent now.
   *
   * @return how long it may take until the last of its bytes is at the other end
   */
  Duration sent(int bytes, Duration now) {
    Duration begin = clearAt.compareTo(now) > 0 ? clearAt : now;
    clearAt = begin.plusMillis(1_000L * bytes / BYTES_A_SECOND);
    Duration takes = clearAt.minus(now);
    return takes.compareTo(LEAST) < 0 ? Duration.ZERO : takes;
  }
}
