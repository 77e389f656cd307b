package dev.realtime4j.client.internal;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far a client has everything, as it is kept over restarts.
 *
 * @param cursor the server's word for it; null before the first connection
 * @param floor nothing at or below it is new on a list; null when unknown
 * @param recent the notifications that the application was told of last, in that order
 */
record ResumePoint(
    @Nullable SyncCursor cursor, @Nullable NotificationId floor, List<NotificationId> recent) {
  static final ResumePoint NONE = new ResumePoint(null, null, List.of());

  private static final String VERSION = "1";
  private static final String NOTHING = "-";

  ResumePoint {
    recent = List.copyOf(recent);
  }

  String encoded() {
    return String.join(
        " ",
        VERSION,
        cursor == null ? NOTHING : cursor.value(),
        floor == null ? NOTHING : floor.toString(),
        recent.isEmpty()
            ? NOTHING
            : recent.stream().map(NotificationId::toString).collect(Collectors.joining(",")));
  }

  /** Reads what {@link #encoded} wrote; empty when it is anything else. */
  static Optional<ResumePoint> decode(String text) {
    String[] parts = text.split(" ", -1);
    if (parts.length != 4 || !parts[0].equals(VERSION)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ResumePoint(
              parts[1].equals(NOTHING) ? null : new SyncCursor(parts[1]),
              parts[2].equals(NOTHING) ? null : NotificationId.of(parts[2]),
              parts[3].equals(NOTHING)
                  ? List.of()
                  : Arrays.stream(parts[3].split(",")).map(NotificationId::of).toList()));
    } catch (RealtimeException unreadable) {
      return Optional.empty();
    }
  }
}
