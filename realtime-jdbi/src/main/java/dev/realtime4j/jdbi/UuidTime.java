package dev.realtime4j.jdbi;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.UUID;

/** The time that a UUIDv7 begins with. */
final class UuidTime {
  static final UUID SMALLEST = new UUID(0, 0);
  static final UUID GREATEST = new UUID(-1, -1);

  private static final long LAST_MILLIS = (1L << 48) - 1;

  private UuidTime() {}

  /** The smallest UUID of a time, as the bounds of partitions are. */
  static UUID floor(Instant time) {
    long millis = time.isBefore(Instant.EPOCH) ? 0 : Math.min(time.toEpochMilli(), LAST_MILLIS);
    return new UUID(millis << 16, 0);
  }

  static Instant timeOf(UUID id) {
    return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
  }

  /** The month of an id's partition. */
  static YearMonth monthOf(UUID id) {
    return YearMonth.from(timeOf(id).atOffset(ZoneOffset.UTC));
  }
}
