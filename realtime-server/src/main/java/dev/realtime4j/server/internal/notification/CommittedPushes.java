package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationOutbox;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes what transactions of the host committed. That one has committed says nothing about a row
 * that went into it, which may have been rolled back to a savepoint; so what is pushed is what the
 * store shows as committed. Those that are told of meanwhile share one look.
 *
 * <p>Overflow policy: above {@value #MAX_WAITING} waiting ids they are left to the relay.
 *
 * <p>Thread safety: any thread.
 */
final class CommittedPushes {
  private static final Logger log = LoggerFactory.getLogger(CommittedPushes.class);
  private static final int BATCH = 500;
  private static final int MAX_WAITING = 20_000;

  private final NotificationOutbox outbox;
  private final Consumer<Notification> push;
  private final Executor workers;
  private final LinkedBlockingQueue<NotificationId> told = new LinkedBlockingQueue<>(MAX_WAITING);
  private final AtomicBoolean isLooking = new AtomicBoolean();

  /**
   * @param push never fails
   */
  CommittedPushes(NotificationOutbox outbox, Consumer<Notification> push, Executor workers) {
    this.outbox = outbox;
    this.push = push;
    this.workers = workers;
  }

  /** The transaction of this one is said to have committed. Never blocks and never fails. */
  void told(NotificationId id) {
    if (told.offer(id)) {
      look();
    }
  }

  private void look() {
    if (!told.isEmpty() && isLooking.compareAndSet(false, true)) {
      try {
        workers.execute(this::pushCommitted);
      } catch (RejectedExecutionException closed) {
        isLooking.set(false);
        log.debug("The server is closed; the relay of another node pushes what was committed");
      }
    }
  }

  private void pushCommitted() {
    try {
      List<NotificationId> some = new ArrayList<>();
      told.drainTo(some, BATCH);
      outbox.pending(some).forEach(push);
    } catch (RealtimeException e) {
      log.debug("What was committed cannot be read; the relay will: {}", e.getMessage());
    } finally {
      isLooking.set(false);
    }
    look();
  }
}
