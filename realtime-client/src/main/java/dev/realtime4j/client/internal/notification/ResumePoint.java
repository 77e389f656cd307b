package dev.realtime4j.client.internal.notification;

import dev.realtime4j.api.InvalidValueException;
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
 * @param forgotten see {@link SeenIds#forgotten()}
 * @param beginning see {@link SeenIds#beginning()}
 * @param recent the notifications that the application was told of last, in that order
 */
public record ResumePoint(
    @Nullable SyncCursor cursor,
    @Nullable NotificationId forgotten,
    @Nullable NotificationId beginning,
    List<NotificationId> recent) {
  public static final ResumePoint NONE = new ResumePoint(null, null, null, List.of());

  /**
   * There was a point, and nobody can tell any more where. No server knows its cursor, so that each
   * answers it as a gap; and nothing is known to have been there before, so that the whole list is
   * read.
   */
  public static final ResumePoint LOST =
      new ResumePoint(new SyncCursor("lost"), null, SeenIds.BELOW_ALL, List.of());

  private static final int MAX_CHARS = 16 * 1024;

  private static final String VERSION = "2";
  private static final String NOTHING = "-";

  public ResumePoint {
    recent = List.copyOf(recent);
  }

  public static ResumePoint of(@Nullable SyncCursor cursor, SeenIds seen) {
    return new ResumePoint(cursor, seen.forgotten(), seen.beginning(), seen.ids());
  }

  /** Brings the ids back to where {@link #of} found them. */
  void restore(SeenIds seen) {
    if (forgotten != null) {
      seen.forget(forgotten);
    }
    if (beginning != null) {
      seen.begin(beginning);
    }
    recent.forEach(seen::add);
  }

  public String encoded() {
    return String.join(
        " ",
        VERSION,
        cursor == null ? NOTHING : cursor.value(),
        written(forgotten),
        written(beginning),
        recent.isEmpty()
            ? NOTHING
            : recent.stream().map(NotificationId::toString).collect(Collectors.joining(",")));
  }

  /** Reads what {@link #encoded} wrote; empty when it is anything else. */
  public static Optional<ResumePoint> decode(String text) {
    String[] parts = text.length() > MAX_CHARS ? new String[0] : text.split(" ", -1);
    if (parts.length != 5 || !parts[0].equals(VERSION)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ResumePoint(
              parts[1].equals(NOTHING) ? null : new SyncCursor(parts[1]),
              read(parts[2]),
              read(parts[3]),
              parts[4].equals(NOTHING)
                  ? List.of()
                  : Arrays.stream(parts[4].split(","))
                      .map(NotificationId::of)
                      .collect(Collectors.toList())));
    } catch (InvalidValueException unreadable) {
      return Optional.empty();
    }
  }

  private static String written(@Nullable NotificationId id) {
    return id == null ? NOTHING : id.toString();
  }

  private static @Nullable NotificationId read(String part) {
    return part.equals(NOTHING) ? null : NotificationId.of(part);
  }
}
