package dev.realtime4j.jdbi;

import dev.realtime4j.api.notification.SyncCursor;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A catch-up cursor: the client has every row of its user whose {@code xact_id} is below {@code
 * xmin}.
 *
 * @param epoch which life of the database this belongs to
 * @param xmin the oldest transaction that was open, unsigned
 * @param time when, by the database's clock, in milliseconds
 */
record SnapshotCursor(String epoch, long xmin, Instant time) {
  private static final Pattern FORM =
      Pattern.compile("1\\.([a-z0-9]{1,32})\\.([0-9]{1,20})\\.([0-9]{1,15})");

  /** Empty for anything that is not one of ours. */
  static Optional<SnapshotCursor> parse(SyncCursor cursor) {
    Matcher matcher = FORM.matcher(cursor.value());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new SnapshotCursor(
              matcher.group(1),
              Long.parseUnsignedLong(matcher.group(2)),
              Instant.ofEpochMilli(Long.parseLong(matcher.group(3)))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  SyncCursor format() {
    return new SyncCursor(
        "1." + epoch + "." + Long.toUnsignedString(xmin) + "." + time.toEpochMilli());
  }

  /**
   * Whether this can be a cursor of the database that is now at {@code now}. One that is ahead of
   * it was made before the database was set back.
   */
  boolean precedes(SnapshotCursor now) {
    return epoch.equals(now.epoch)
        && Long.compareUnsigned(xmin, now.xmin) <= 0
        && !time.isAfter(now.time.plusSeconds(3600));
  }
}
