package dev.realtime4j.api.notification;

import dev.realtime4j.api.UserId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Finds what a client missed; a service provider interface.
 *
 * <p>Contract: {@link #sync} returns every row that became visible since the cursor was made,
 * including those whose transaction was open at that moment.
 *
 * <p>Thread safety: every method may be called by any thread. All of them may block on the database
 * and throw {@link dev.realtime4j.api.RealtimeException} {@code UNAVAILABLE} when it is
 * unavailable; all of them may be repeated.
 */
public interface NotificationCatchUp {
  /**
   * What each user missed since their cursor. A store that can lose committed rows and reuse their
   * transaction ids, such as a database after a failover, must tell from the cursor whether that
   * has happened since it was made. Then it answers by the cursor's time, which may include what
   * the client already has, or with a {@code RESYNC}; never with a {@code COMPLETE} that lacks a
   * row.
   *
   * @param cursors where each user's client is; empty for a first cursor and nothing missed
   * @param limit more missed than this is a {@code RESYNC}, and so is more than {@link
   *     NotificationQueries#MAX_ANSWER_BYTES}
   * @return one for each user
   */
  Map<UserId, SyncResult> sync(Map<UserId, Optional<SyncCursor>> cursors, int limit);

  /**
   * The time of the clock by which this store limits its catch-up; empty for a store that finds
   * what was missed whatever time an id begins with, or that has no clock of its own. A node makes
   * its ids by this clock.
   */
  default Optional<Instant> time() {
    return Optional.empty();
  }
}
