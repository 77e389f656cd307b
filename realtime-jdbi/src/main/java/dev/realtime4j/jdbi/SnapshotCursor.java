package dev.realtime4j.jdbi;

import dev.realtime4j.api.notification.SyncCursor;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A catch-up cursor: the client has every row of its user whose {@code xact_id} the snapshot sees.
 * The whole snapshot is kept, and not its {@code xmin} alone: else one transaction that stays open
 * for an hour would have everybody catch up with that hour at each reconnect.
 *
 * <p>Two forms: {@code 1.epoch.snapshot.time} of version 0.1 and of a database that could not say
 * its history, and {@code 2.epoch.history.snapshot.time}.
 *
 * @param epoch which operator's word on the database this belongs to: it changes after a restore
 * @param history the row of {@code notification_history} of the time; null when there was none
 * @param snapshot which transactions had ended
 * @param time when, by the database's clock, in milliseconds
 */
record SnapshotCursor(String epoch, @Nullable String history, Snapshot snapshot, Instant time) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:1\\.([a-z0-9]{1,32})|2\\.([a-z0-9]{1,32})\\.([a-z0-9]{1,12}))"
              + "\\.([a-z0-9~-]{1,140})\\.([0-9]{1,15})");

  /** What is left for the snapshot of the 200 characters that a cursor may have. */
  private static final int SNAPSHOT_CHARS = 136;

  /** Empty for anything that is not one of ours. */
  static Optional<SnapshotCursor> parse(SyncCursor cursor) {
    Matcher matcher = FORM.matcher(cursor.value());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String epoch = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    Instant time = Instant.ofEpochMilli(Long.parseLong(matcher.group(5)));
    return Snapshot.decode(matcher.group(4))
        .map(snapshot -> new SnapshotCursor(epoch, matcher.group(3), snapshot, time));
  }

  SyncCursor format() {
    return new SyncCursor(
        String.join(
            ".",
            history == null ? "1." + epoch : "2." + epoch + "." + history,
            snapshot.encode(SNAPSHOT_CHARS),
            Long.toString(time.toEpochMilli())));
  }

  /** Whether this can be a cursor of the database that is now at {@code now}. */
  boolean isOf(SnapshotCursor now) {
    return epoch.equals(now.epoch) && !time.isAfter(now.time.plusSeconds(3600));
  }
}
