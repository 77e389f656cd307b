package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyConflictException;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationChanges;
import dev.realtime4j.api.notification.NotificationChanges.Read;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationQueries;
import dev.realtime4j.api.notification.NotificationStore;
import dev.realtime4j.api.notification.NotificationStore.Stored;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.api.notification.PendingPush;
import dev.realtime4j.api.notification.PendingPushes;
import dev.realtime4j.api.notification.Transaction;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.server.internal.cluster.UserChannel;
import dev.realtime4j.server.internal.feature.NodeContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Durable notifications as a host calls them: store first, then push.
 *
 * <p>Thread safety: any thread.
 */
final class NotificationService implements Notifications, AutoCloseable {
  /** How long {@code sendAsync} waits for an open transaction that has used its key. */
  private static final Duration KEY_PATIENCE = Duration.ofSeconds(30);

  private final NotificationStore store;
  private final NotificationQueries queries;
  private final NotificationChanges changes;
  private final UserChannel users;
  private final Pusher pusher;
  private final PushSequencer order;
  private final AsyncSender async;
  private final BulkSender bulk;
  private final TransactionSender inTransactions;
  private final StoreClock ids;
  private final InstantSource clock;

  NotificationService(
      GuardedStore store,
      TransactionSender inTransactions,
      Pusher pusher,
      BulkRateLimiter pace,
      StoreClock ids,
      NodeContext context) {
    this.store = store;
    this.queries = store;
    this.changes = store;
    this.users = context.users();
    this.pusher = pusher;
    this.ids = ids;
    Executor workers = context.workers();
    this.order = new PushSequencer(ids);
    this.inTransactions = inTransactions;
    this.bulk = new BulkSender(store, ids, order, pusher, pace);
    this.clock = context.clock();
    this.async =
        new AsyncSender(
            new GroupCommit(store, ids, order, this::settle, workers),
            KEY_PATIENCE,
            context.environment());
  }

  void start() {
    async.start();
  }

  @Override
  public Notification send(NewNotification notification) {
    ids.prepare();
    PushSequencer.Ticket ticket = order.take(notification.userId());
    Stored stored;
    try {
      stored = store.insert(ticket.id(), notification);
    } catch (Throwable e) {
      ticket.failed();
      throw e;
    }
    settle(ticket, stored);
    if (stored.outcome() == Stored.Outcome.CONFLICT) {
      throw new IdempotencyConflictException(notification.userId());
    }
    return stored.notification();
  }

  private void settle(PushSequencer.Ticket ticket, Stored stored) {
    if (stored.outcome() == Stored.Outcome.NEW) {
      ticket.stored(() -> pusher.push(stored.notification()));
    } else {
      ticket.failed();
    }
  }

  @Override
  public PendingPush send(Transaction transaction, NewNotification notification) {
    return inTransactions.send(transaction, notification);
  }

  @Override
  public PendingPushes send(Transaction transaction, Collection<NewNotification> notifications) {
    return inTransactions.send(transaction, notifications);
  }

  @Override
  public PendingPushes sendAll(
      Transaction transaction,
      Collection<UserId> receivers,
      NotificationContent content,
      String idempotencyKey) {
    return inTransactions.sendAll(transaction, receivers, content, idempotencyKey);
  }

  @Override
  public CompletableFuture<Notification> sendAsync(NewNotification notification) {
    return async.send(notification);
  }

  @Override
  public int sendAll(
      Collection<UserId> receivers, NotificationContent content, String idempotencyKey) {
    return bulk.send(receivers, content, idempotencyKey);
  }

  @Override
  public Page<Notification> list(UserId user, NotificationFilter filter, PageRequest page) {
    return queries.list(user, filter, page);
  }

  @Override
  public UnreadCount unreadCount(UserId user) {
    return queries.unreadCount(user);
  }

  @Override
  public UnreadCount read(UserId user, NotificationId id) {
    Read read = changes.read(user, id, clock.instant()).orElseThrow(() -> notFound(id));
    UnreadCount unread = queries.unreadCount(user);
    if (read.outcome() == Read.Outcome.FIRST) {
      users.publish(user, "", NotificationEvents.read(id, read.readAt(), unread));
    }
    return unread;
  }

  @Override
  public int readAll(UserId user, NotificationId upTo) {
    Instant now = clock.instant();
    int updated = changes.readAll(user, upTo, now);
    if (updated > 0) {
      users.publish(user, "", NotificationEvents.readAll(upTo, now, queries.unreadCount(user)));
    }
    return updated;
  }

  @Override
  public UnreadCount delete(UserId user, NotificationId id) {
    if (!changes.delete(user, id)) {
      throw notFound(id);
    }
    UnreadCount unread = queries.unreadCount(user);
    users.publish(user, "", NotificationEvents.deleted(id, unread));
    return unread;
  }

  private static RealtimeException notFound(NotificationId id) {
    return new RealtimeException(
        ErrorCode.NOT_FOUND, "the user has no notification with the id " + id);
  }

  @Override
  public void close() {
    async.close();
  }
}
