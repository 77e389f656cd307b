package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.cluster.ClusterBus.PublishResult;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationOutbox;
import dev.realtime4j.server.internal.cluster.UserChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands committed notifications to the cluster, then clears them from the outbox, in batches. One
 * is cleared only when the cluster has really taken it: what was lost on the way is left to the
 * relay.
 *
 * <p>Bound: ids to clear are kept up to {@value #MAX_WAITING}; beyond that they are left to the
 * relay, which pushes them once more, and clients drop the repeat.
 *
 * <p>Thread safety: any thread pushes; {@link #clear} is called by one thread at a time.
 */
final class Pusher {
  private static final Logger log = LoggerFactory.getLogger(Pusher.class);
  private static final int BATCH = 500;
  private static final int MAX_WAITING = 100_000;

  private final NotificationOutbox outbox;
  private final UserChannel users;
  private final StoreHealth health;
  private final List<NotificationId> taken = new ArrayList<>();

  Pusher(NotificationOutbox outbox, UserChannel users, StoreHealth health) {
    this.outbox = outbox;
    this.users = users;
    this.health = health;
  }

  /** Pushes one; never blocks and never fails: what the bus does not take is left to the relay. */
  void push(Notification notification) {
    CompletionStage<PublishResult> handover;
    try {
      handover =
          users.publish(
              notification.userId(),
              notification.id().toString(),
              NotificationEvents.created(notification));
    } catch (RealtimeException e) {
      log.debug("The bus did not take notification {}; the relay will", notification.id());
      return;
    }
    handover.thenAccept(
        outcome -> {
          if (outcome == PublishResult.ACCEPTED) {
            taken(notification.id());
          }
        });
  }

  private void taken(NotificationId id) {
    synchronized (taken) {
      if (taken.size() < MAX_WAITING) {
        taken.add(id);
      }
    }
  }

  /** Clears what was pushed from the outbox. */
  synchronized void clear() {
    List<NotificationId> batch;
    do {
      synchronized (taken) {
        batch = List.copyOf(taken.subList(0, Math.min(BATCH, taken.size())));
      }
      if (batch.isEmpty()) {
        return;
      }
      try {
        outbox.removeFromOutbox(batch);
        health.wrote();
      } catch (RealtimeException e) {
        health.writeFailed(e);
        return;
      }
      synchronized (taken) {
        taken.subList(0, batch.size()).clear();
      }
    } while (batch.size() == BATCH);
  }
}
