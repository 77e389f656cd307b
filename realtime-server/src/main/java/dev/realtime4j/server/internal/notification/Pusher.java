package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.server.internal.cluster.UserChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands committed notifications to the cluster, then clears them from the outbox, in batches.
 *
 * <p>Bound: ids to clear are kept up to {@value #MAX_WAITING}; beyond that they are left to the
 * relay, which pushes them once more, and clients drop the repeat.
 *
 * <p>Thread safety: any thread pushes; {@link #clear} and {@link #relay} are each called by one
 * thread at a time.
 */
final class Pusher {
  private static final Logger log = LoggerFactory.getLogger(Pusher.class);
  private static final int BATCH = 500;
  private static final int MAX_WAITING = 100_000;

  private final NotificationRepository store;
  private final UserChannel users;
  private final Duration lease;
  private final LongAdder relayed = new LongAdder();
  private final List<NotificationId> pushed = new ArrayList<>();
  private boolean away;

  /**
   * @param lease how old an outbox entry must be before the relay takes it
   */
  Pusher(NotificationRepository store, UserChannel users, Duration lease) {
    this.store = store;
    this.users = users;
    this.lease = lease;
  }

  /** Pushes one; never blocks and never fails: what the bus does not take is left to the relay. */
  void push(Notification notification) {
    try {
      users.publish(
          notification.userId(),
          notification.id().toString(),
          NotificationEvents.created(notification));
    } catch (RealtimeException e) {
      log.debug("The bus did not take notification {}; the relay will", notification.id());
      return;
    }
    synchronized (pushed) {
      if (pushed.size() < MAX_WAITING) {
        pushed.add(notification.id());
      }
    }
  }

  /** Clears what was pushed from the outbox. */
  void clear() {
    List<NotificationId> batch;
    do {
      synchronized (pushed) {
        batch = List.copyOf(pushed.subList(0, Math.min(BATCH, pushed.size())));
      }
      if (batch.isEmpty()) {
        return;
      }
      try {
        store.removeFromOutbox(batch);
        back();
      } catch (RealtimeException e) {
        awayOnce(e);
        return;
      }
      synchronized (pushed) {
        pushed.subList(0, batch.size()).clear();
      }
    } while (batch.size() == BATCH);
  }

  /** Pushes what other nodes, or this one, committed and did not push. */
  void relay() {
    try {
      List<Notification> left;
      do {
        left = store.claimOutbox(lease, BATCH);
        left.forEach(this::push);
        relayed.add(left.size());
        clear();
      } while (left.size() == BATCH);
      back();
    } catch (RealtimeException e) {
      awayOnce(e);
    }
  }

  /** How many the relay has pushed. */
  long relayed() {
    return relayed.sum();
  }

  /** Whether the store answered last time. */
  synchronized boolean isStoreAway() {
    return away;
  }

  private synchronized void awayOnce(RealtimeException e) {
    if (!away) {
      away = true;
      log.warn("The notification store is away: {}", e.getMessage());
    }
  }

  private synchronized void back() {
    if (away) {
      away = false;
      log.info("The notification store is back");
    }
  }
}
