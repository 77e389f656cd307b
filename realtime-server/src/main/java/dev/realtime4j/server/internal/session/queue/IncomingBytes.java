package dev.realtime4j.server.internal.session.queue;

import dev.realtime4j.server.internal.session.limit.UserBudget;
import java.util.concurrent.TimeUnit;

/**
 * What one socket sends, counted by its size: a client that sends more bytes than its share has is
 * not read from until they have come again. Nothing of it is refused, and the others have the event
 * loop and the workers meanwhile.
 *
 * <p>Thread safety: the transport's thread, which reads the socket.
 */
public final class IncomingBytes {
  /** Small messages are counted together. */
  private static final int TOGETHER = 4096;

  /** Nobody stops reading for less. */
  private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final UserBudget.Share budget;
  private final PausedReading reading;
  private int uncounted;

  public IncomingBytes(UserBudget.Share budget, PausedReading reading) {
    this.budget = budget;
    this.reading = reading;
  }

  /** A message of so many bytes has come. */
  public void add(int bytes) {
    uncounted += bytes;
    if (uncounted >= TOGETHER) {
      long wait = budget.spendBytes(uncounted);
      uncounted = 0;
      if (wait >= SHORTEST_NANOS) {
        reading.pauseFor(PausedReading.Reason.BYTES, wait);
      }
    }
  }
}
