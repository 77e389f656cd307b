package dev.realtime4j.jdbi;

import dev.realtime4j.api.notification.SyncCursor;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A catch-up cursor: the client has every row of its user whose {@code xact_id} the snapshot sees.
 * The whole snapshot is kept, and not its {@code xmin} alone: else one transaction that stays open
 * for an hour would have everybody catch up with that hour at each reconnect.
 *
 * @param epoch which life of the database this belongs to
 * @param snapshot which transactions had ended
 * @param time when, by the database's clock, in milliseconds
 */
record SnapshotCursor(String epoch, Snapshot snapshot, Instant time) {
  private static final Pattern FORM =
      Pattern.compile("1\\.([a-z0-9]{1,32})\\.([a-z0-9~-]{1,140})\\.([0-9]{1,15})");

  /** What is left for the snapshot of the 200 characters that a cursor may have. */
  private static final int SNAPSHOT_CHARS = 140;

  /** Empty for anything that is not one of ours. */
  static Optional<SnapshotCursor> parse(SyncCursor cursor) {
    Matcher matcher = FORM.matcher(cursor.value());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Instant time = Instant.ofEpochMilli(Long.parseLong(matcher.group(3)));
    return Snapshot.decode(matcher.group(2))
        .map(snapshot -> new SnapshotCursor(matcher.group(1), snapshot, time));
  }

  SyncCursor format() {
    return new SyncCursor(
        String.join(
            ".", "1", epoch, snapshot.encode(SNAPSHOT_CHARS), Long.toString(time.toEpochMilli())));
  }

  /**
   * Whether this can be a cursor of the database that is now at {@code now}. One that is ahead of
   * it was made before the database was set back.
   */
  boolean precedes(SnapshotCursor now) {
    return epoch.equals(now.epoch)
        && snapshot.precedes(now.snapshot)
        && !time.isAfter(now.time.plusSeconds(3600));
  }
}
