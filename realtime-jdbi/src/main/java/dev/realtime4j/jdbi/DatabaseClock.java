package dev.realtime4j.jdbi;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** The clock that ids are made by, and catch-up is bounded by. */
final class DatabaseClock {
  private DatabaseClock() {}

  static Instant now(Handle handle) {
    return handle
        .createQuery("SELECT clock_timestamp() AS now")
        .map((row, context) -> NotificationRows.instant(row, "now"))
        .one();
  }
}
