package dev.realtime4j.api.notification;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a client missed since its cursor.
 *
 * @param outcome whether {@code missed} is everything
 * @param missed oldest first; the client may have some or all of them already; empty for a {@code
 *     RESYNC}
 * @param cursor the new cursor, which holds once the client has everything before it
 * @param from for a {@code RESYNC}, the oldest that can be missing; null when that is not known,
 *     and when the outcome is {@code COMPLETE}
 */
public record SyncResult(
    Outcome outcome, List<Notification> missed, SyncCursor cursor, @Nullable NotificationId from) {
  /** Whether a catch-up is complete. */
  public enum Outcome {
    /** {@code missed} is everything. */
    COMPLETE,
    /** Too much was missed, or the cursor is unknown: page through the list. */
    RESYNC
  }

  /** Keeps a copy of what was missed, in its order. */
  public SyncResult {
    missed = List.copyOf(missed);
  }

  /** Everything that was missed. */
  public static SyncResult complete(List<Notification> missed, SyncCursor cursor) {
    Objects.requireNonNull(missed, "missed");
    Objects.requireNonNull(cursor, "cursor");
    return new SyncResult(Outcome.COMPLETE, missed, cursor, null);
  }

  /**
   * The client has to page through the list.
   *
   * @param from see {@link #from()}
   */
  public static SyncResult resync(SyncCursor cursor, @Nullable NotificationId from) {
    Objects.requireNonNull(cursor, "cursor");
    return new SyncResult(Outcome.RESYNC, List.of(), cursor, from);
  }
}
