package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationCatchUp;
import dev.realtime4j.api.notification.NotificationChanges;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationOutbox;
import dev.realtime4j.api.notification.NotificationQueries;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.notification.NotificationStore;
import dev.realtime4j.api.notification.OutboxBacklog;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.SyncResult;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.server.internal.store.StoreGuard;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The application's store behind its guard: every call of it but those within a transaction of the
 * application, which is on a connection that the application has already.
 *
 * <p>Thread safety: any thread.
 */
final class GuardedStore
    implements NotificationStore,
        NotificationOutbox,
        NotificationQueries,
        NotificationChanges,
        NotificationCatchUp {
  private final NotificationRepository store;
  private final StoreGuard guard;

  GuardedStore(NotificationRepository store, StoreGuard guard) {
    this.store = store;
    this.guard = guard;
  }

  @Override
  public Stored insert(NotificationId id, NewNotification notification) {
    return guard.call(() -> store.insert(id, notification));
  }

  @Override
  public List<Stored> insertAll(List<NotificationId> ids, List<NewNotification> notifications) {
    return guard.call(() -> store.insertAll(ids, notifications));
  }

  @Override
  public List<Stored> insertAll(
      List<NotificationId> ids, List<NewNotification> notifications, Duration wait) {
    return guard.call(() -> store.insertAll(ids, notifications, wait));
  }

  @Override
  public List<Notification> insertForAll(
      List<NotificationId> ids,
      List<UserId> receivers,
      NotificationContent content,
      @Nullable String idempotencyKey) {
    return guard.call(() -> store.insertForAll(ids, receivers, content, idempotencyKey));
  }

  @Override
  public int purgeIdempotencyKeys(Duration age) {
    return guard.call(() -> store.purgeIdempotencyKeys(age));
  }

  @Override
  public List<Notification> pending(Collection<NotificationId> ids) {
    return guard.call(() -> store.pending(ids));
  }

  @Override
  public List<Notification> claimOutbox(Duration lease, int limit) {
    return guard.call(() -> store.claimOutbox(lease, limit));
  }

  @Override
  public OutboxBacklog outboxBacklog() {
    return guard.call(store::outboxBacklog);
  }

  @Override
  public void removeFromOutbox(Collection<NotificationId> ids) {
    guard.run(() -> store.removeFromOutbox(ids));
  }

  @Override
  public Page<Notification> list(UserId user, NotificationFilter filter, PageRequest page) {
    return guard.call(() -> store.list(user, filter, page));
  }

  @Override
  public UnreadCount unreadCount(UserId user) {
    return guard.call(() -> store.unreadCount(user));
  }

  @Override
  public Map<UserId, UnreadCount> unreadCounts(Collection<UserId> users) {
    return guard.call(() -> store.unreadCounts(users));
  }

  @Override
  public Optional<Read> read(UserId user, NotificationId id, Instant at) {
    return guard.call(() -> store.read(user, id, at));
  }

  @Override
  public int readAll(UserId user, NotificationId upTo, Instant at) {
    return guard.call(() -> store.readAll(user, upTo, at));
  }

  @Override
  public boolean delete(UserId user, NotificationId id) {
    return guard.call(() -> store.delete(user, id));
  }

  @Override
  public Map<UserId, SyncResult> sync(Map<UserId, Optional<SyncCursor>> cursors, int limit) {
    return guard.call(() -> store.sync(cursors, limit));
  }

  @Override
  public Optional<Instant> time() {
    return guard.call(store::time);
  }
}
