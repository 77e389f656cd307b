package dev.realtime4j.protocol;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Times as they stand on the wire and in Redis: ISO-8601 UTC with milliseconds.
 *
 * <p>Thread safety: stateless.
 */
public final class WireTime {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private WireTime() {}

  /** For example {@code 2026-03-01T12:00:00.000Z}. */
  public static String format(Instant time) {
    return FORMAT.format(time);
  }

  /** The same, and null for null. */
  public static @Nullable String formatOrNull(@Nullable Instant time) {
    return time == null ? null : format(time);
  }
}
