package dev.realtime4j.client.internal.notification;

import dev.realtime4j.api.notification.NotificationId;
import org.jspecify.annotations.Nullable;

/**
 * How far down the list a resync goes. The greatest id that the application has does not say it: a
 * notification whose transaction was open for a while lies below ones that came long before it.
 *
 * @param from the oldest that may be missing, as the server says; null when it did not say
 * @param toBound whether to go down to {@link SeenIds#bound()}, because the server did not say
 */
public record ResyncRange(@Nullable NotificationId from, boolean toBound) {
  public static ResyncRange of(@Nullable NotificationId from) {
    return new ResyncRange(from, from == null);
  }

  /** As far as both go: the one was announced before the other was done. */
  public ResyncRange and(@Nullable ResyncRange other) {
    if (other == null) {
      return this;
    }
    boolean mine = other.from == null || from != null && from.compareTo(other.from) <= 0;
    return new ResyncRange(mine ? from : other.from, toBound || other.toBound);
  }

  /** Whether there is nothing to look for: the server names nothing, and nothing was there yet. */
  boolean isNowhere(SeenIds seen) {
    return from == null && seen.bound() == null;
  }

  /** Whether one of this id may be missing. What holds for one holds for all above it. */
  public boolean covers(NotificationId id, SeenIds seen) {
    NotificationId forgotten = seen.forgotten();
    if (forgotten != null && id.compareTo(forgotten) <= 0) {
      return false; // whether the application has it cannot be told any more
    }
    NotificationId bound = seen.bound();
    return from != null && id.compareTo(from) >= 0
        || toBound && bound != null && id.compareTo(bound) > 0;
  }

  /** Whether nothing below this id may be missing. */
  public boolean endsAt(NotificationId id, SeenIds seen) {
    return !covers(id, seen) || !toBound && id.equals(from);
  }
}
