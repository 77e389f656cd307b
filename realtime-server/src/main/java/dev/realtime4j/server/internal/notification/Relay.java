package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationOutbox;
import dev.realtime4j.api.notification.OutboxBacklog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/**
 * Pushes what was committed and not pushed: by a node that died, within a transaction of the host
 * that told nobody of its commit, or while the bus was unavailable. Every node may run one; a claim
 * in the store keeps them apart.
 *
 * <p>Without a bus it pushes nothing: it could reach this node's own sockets only, whom the sweeps
 * serve, and would claim the same rows again and again.
 *
 * <p>Thread safety: {@link #tick} and {@link #measure} are each called by one thread at a time, the
 * others by any.
 */
final class Relay {
  private static final int BATCH = 500;

  private final NotificationOutbox outbox;
  private final Pusher pusher;
  private final BulkRateLimiter pace;
  private final Duration lease;
  private final BooleanSupplier busConnected;
  private final StoreHealth health;
  private final LongAdder relayed = new LongAdder();
  private volatile OutboxBacklog backlog = OutboxBacklog.EMPTY;

  /**
   * @param lease how old an outbox entry must be
   */
  Relay(
      NotificationOutbox outbox,
      Pusher pusher,
      BulkRateLimiter pace,
      Duration lease,
      BooleanSupplier busConnected,
      StoreHealth health) {
    this.outbox = outbox;
    this.pusher = pusher;
    this.pace = pace;
    this.lease = lease;
    this.busConnected = busConnected;
    this.health = health;
  }

  /** Pushes all that is due. */
  void tick() {
    try {
      List<Notification> left;
      do {
        if (!busConnected.getAsBoolean()) {
          return;
        }
        left = outbox.claimOutbox(lease, BATCH);
        health.wrote();
        for (Notification notification : left) {
          pace.await();
          pusher.push(notification);
        }
        relayed.add(left.size());
      } while (left.size() == BATCH);
    } catch (RealtimeException e) {
      health.writeFailed(e);
    }
  }

  /** Looks how much waits in the outbox. */
  void measure() {
    try {
      backlog = outbox.outboxBacklog();
      health.read();
    } catch (RealtimeException e) {
      health.readFailed(e);
    }
  }

  /** How many it has pushed. */
  long relayed() {
    return relayed.sum();
  }

  /** What waited when it was measured last. */
  OutboxBacklog backlog() {
    return backlog;
  }
}
