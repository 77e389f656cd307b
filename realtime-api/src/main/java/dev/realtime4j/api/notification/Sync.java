package dev.realtime4j.api.notification;

import java.util.List;

/**
 * What a client missed since its cursor.
 *
 * @param outcome whether {@code missed} is everything
 * @param missed oldest first, among them perhaps some that the client has; empty at a {@code
 *     RESYNC}
 * @param cursor the new cursor, which holds once the client has {@code missed}
 */
public record Sync(Outcome outcome, List<Notification> missed, SyncCursor cursor) {
  /** Whether a catch-up is complete. */
  public enum Outcome {
    /** {@code missed} is everything. */
    COMPLETE,
    /** Too much was missed, or the cursor is unknown: page through the list. */
    RESYNC
  }

  public Sync {
    missed = List.copyOf(missed);
  }
}
