package dev.realtime4j.api.notification;

import java.time.Duration;

/**
 * Notifications that are committed and not yet known to be pushed. In a healthy system these were
 * sent just now; an age of more than a few leases means that no relay runs.
 *
 * @param waiting how many, exact up to {@value #CAP}
 * @param oldest how long the oldest one has waited since it was written; zero when none waits
 */
public record OutboxBacklog(int waiting, Duration oldest) {
  /** Up to here it is counted. */
  public static final int CAP = 10_000;

  /** Nothing waits. */
  public static final OutboxBacklog EMPTY = new OutboxBacklog(0, Duration.ZERO);

  /** Takes more than {@value #CAP} for {@value #CAP}. */
  public OutboxBacklog {
    waiting = Math.min(waiting, CAP);
  }
}
