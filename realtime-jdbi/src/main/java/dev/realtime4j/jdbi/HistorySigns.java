package dev.realtime4j.jdbi;

import java.time.Duration;
import java.util.Optional;

/**
 * What catch-ups have shown that an operator has to know: that rows came from another cluster and
 * nobody said so, or that the database cannot say its history.
 *
 * <p>Thread safety: any thread.
 */
final class HistorySigns {
  /** Each catch-up of such a user shows it again; when none has for so long, it was mended. */
  private static final Duration SHOWN = Duration.ofMinutes(15);

  private final RealtimeSchema schema;
  private volatile boolean isHistoryUnknown;
  private volatile boolean wasRowAhead;
  private volatile String epochOfRowAhead = "";
  private volatile long rowAheadAt;

  HistorySigns(RealtimeSchema schema) {
    this.schema = schema;
  }

  /**
   * @param now what was read with the answer
   */
  void sawHistory(SnapshotCursor now) {
    isHistoryUnknown = now.history() == null;
    if (wasRowAhead && !epochOfRowAhead.equals(now.epoch())) {
      wasRowAhead = false; // after_restore was called.
    }
  }

  /** A row whose transaction this cluster has not begun yet. */
  void sawRowOfTheFuture(SnapshotCursor now) {
    epochOfRowAhead = now.epoch();
    rowAheadAt = RealTime.nanoTime();
    wasRowAhead = true;
  }

  /** One sentence with its remedy; empty when all is well. */
  Optional<String> problem() {
    if (wasRowAhead && RealTime.nanoTime() - rowAheadAt < SHOWN.toNanos()) {
      return Optional.of(
          "notifications come from another cluster, by a dump or by logical replication, and are"
              + " repeated at every catch-up until their transaction ids are mended: CALL "
              + schema
              + ".after_restore(), or RealtimeSchema.afterRestore");
    }
    if (isHistoryUnknown) {
      return Optional.of(
          "the connection is read-only or to a standby, so catch-up goes by time and repeats"
              + " notifications of before: let the nodes connect to the primary, writable");
    }
    return Optional.empty();
  }
}
