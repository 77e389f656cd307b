package dev.realtime4j.api.notification;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Notifications that are committed and not yet known to be pushed; a service provider interface.
 * {@link NotificationStore} fills it.
 *
 * <p>Contract: an entry is there from the commit on, until it is removed or its notification is
 * deleted; when a node claimed an entry and did not push it, another node can claim it after the
 * lease.
 *
 * <p>Thread safety: every method may be called by any thread. All of them may block on the database
 * and throw {@link dev.realtime4j.api.RealtimeException} {@code UNAVAILABLE} when it is
 * unavailable; all of them may be repeated.
 */
public interface NotificationOutbox {
  /** The notifications with these ids that are committed and still in the outbox. */
  List<Notification> pending(Collection<NotificationId> ids);

  /**
   * Claims outbox entries for pushing: committed, and not claimed within the lease. Each entry is
   * given to one caller in the cluster at a time.
   *
   * @param lease how old an entry or its last claim must be
   * @param limit how many at most, oldest first
   */
  List<Notification> claimOutbox(Duration lease, int limit);

  /** How much waits in the outbox, and for how long. */
  OutboxBacklog outboxBacklog();

  /** Removes outbox entries whose push was handed to the cluster; unknown ids are ignored. */
  void removeFromOutbox(Collection<NotificationId> ids);
}
