package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyConflictException;
import dev.realtime4j.api.notification.IdempotencyKey;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationOutbox;
import dev.realtime4j.api.notification.NotificationStore.Stored;
import dev.realtime4j.api.notification.NotificationStore.Stored.Outcome;
import dev.realtime4j.api.notification.PendingPush;
import dev.realtime4j.api.notification.PendingPushes;
import dev.realtime4j.api.notification.Transaction;
import dev.realtime4j.api.notification.TransactionalNotificationStore;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * Sends within transactions of the host: written into them, and pushed when they have committed.
 * The transaction is asked to tell of its commit before anything is written, so that one that
 * cannot any more refuses the whole.
 *
 * <p>Thread safety: any thread.
 */
final class TransactionSender {
  private static final int MAX_NOTIFICATIONS = 1_000;
  private static final int MAX_RECEIVERS = 10_000;

  private final TransactionalNotificationStore store;
  private final CommittedPushes commits;
  private final CommittedPushes bulk;
  private final StoreClock ids;

  /**
   * @param outbox shows what was committed
   * @param pace of what goes to many
   */
  TransactionSender(
      TransactionalNotificationStore store,
      NotificationOutbox outbox,
      Pusher pusher,
      BulkRateLimiter pace,
      StoreClock ids,
      Executor workers) {
    this.store = store;
    this.commits = new CommittedPushes(outbox, pusher::push, workers);
    this.bulk =
        new CommittedPushes(
            outbox,
            notification -> {
              pace.await();
              pusher.push(notification);
            },
            workers);
    this.ids = ids;
  }

  /** What the transaction tells of its commit, and the host may. */
  private static final class Told implements Runnable {
    private final CommittedPushes commits;
    private volatile List<NotificationId> written = List.of();

    Told(CommittedPushes commits) {
      this.commits = commits;
    }

    void onCommitOf(Transaction transaction) {
      try {
        transaction.afterCommit(this);
      } catch (IllegalStateException over) {
        throw new RealtimeException(
            ErrorCode.BAD_REQUEST,
            "could not send in the given transaction: " + over.getMessage(),
            over);
      }
    }

    @Override
    public void run() {
      written.forEach(commits::told);
    }
  }

  private record One(Notification notification, Told told) implements PendingPush {
    @Override
    public void flush() {
      told.run();
    }
  }

  private record Many(List<Notification> notifications, Told told) implements PendingPushes {
    @Override
    public void flush() {
      told.run();
    }
  }

  PendingPush send(Transaction transaction, NewNotification notification) {
    Told told = new Told(commits);
    told.onCommitOf(transaction);
    ids.prepare(() -> store.time(transaction));
    Stored stored = store.insert(transaction, ids.get(), notification);
    if (stored.outcome() == Outcome.CONFLICT) {
      throw new IdempotencyConflictException(notification.userId());
    }
    // A repeated one was pushed already.
    told.written = newOf(List.of(stored));
    return new One(stored.notification(), told);
  }

  PendingPushes send(Transaction transaction, Collection<NewNotification> notifications) {
    List<NewNotification> given = List.copyOf(notifications);
    requireAtMost(MAX_NOTIFICATIONS, "notifications", given.size());
    Told told = new Told(bulk);
    told.onCommitOf(transaction);
    List<Stored> stored = store.insertAll(transaction, newIds(transaction, given.size()), given);
    told.written = newOf(stored);
    return new Many(stored.stream().map(Stored::notification).toList(), told);
  }

  PendingPushes sendAll(
      Transaction transaction,
      Collection<UserId> receivers,
      NotificationContent content,
      String idempotencyKey) {
    // In the order of the users, so that two of them do not lock each other out.
    List<UserId> users = List.copyOf(new TreeSet<>(receivers));
    requireAtMost(MAX_RECEIVERS, "receivers", users.size());
    IdempotencyKey.checked(idempotencyKey);
    Told told = new Told(bulk);
    told.onCommitOf(transaction);
    List<Notification> stored =
        store.insertForAll(
            transaction, newIds(transaction, users.size()), users, content, idempotencyKey);
    told.written = stored.stream().map(Notification::id).toList();
    return new Many(stored, told);
  }

  private List<NotificationId> newIds(Transaction transaction, int count) {
    ids.prepare(() -> store.time(transaction));
    return Stream.generate(ids).limit(count).toList();
  }

  private static List<NotificationId> newOf(List<Stored> stored) {
    return stored.stream()
        .filter(one -> one.outcome() == Outcome.NEW)
        .map(one -> one.notification().id())
        .toList();
  }

  private static void requireAtMost(int most, String what, int given) {
    if (given > most) {
      throw new InvalidValueException(
          "a transaction takes at most "
              + most
              + " "
              + what
              + " in one call, not "
              + given
              + "; send the rest with further calls or, outside of it, with sendAll");
    }
  }
}
