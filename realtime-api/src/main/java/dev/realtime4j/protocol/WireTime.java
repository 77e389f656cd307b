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

  /** The last moment whose year has four digits. */
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  private WireTime() {}

  /** For example {@code 2026-03-01T12:00:00.000Z}. */
  public static String format(Instant time) {
    return FORMAT.format(time);
  }

  /** The same of an end; null for none, which every time after the year 9999 stands for. */
  public static @Nullable String formatOrNull(@Nullable Instant time) {
    return time == null || time.isAfter(LAST) ? null : format(time);
  }
}
