package dev.realtime4j.server.http;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyConflictException;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationFilter.ReadState;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.api.notification.PendingPush;
import dev.realtime4j.api.notification.Transaction;
import dev.realtime4j.api.notification.UnreadCount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Notifications that live as long as the test; ids count upwards, cursors are ids. */
final class NotificationsInMemory implements Notifications {
  static final Instant CREATED = Instant.parse("2026-03-01T12:00:00.123456Z");

  private final TreeMap<NotificationId, Notification> rows = new TreeMap<>();
  private final Map<String, Notification> keys = new HashMap<>();
  private long last;

  /** What every call ends in; null for serving. */
  @Nullable RuntimeException failure;

  @Override
  public synchronized Notification send(NewNotification notification) {
    check();
    String key = notification.userId() + "/" + notification.idempotencyKey();
    Notification first = notification.idempotencyKey() == null ? null : keys.get(key);
    if (first != null) {
      if (!first.content().equals(notification.content())) {
        throw new IdempotencyConflictException(notification.userId());
      }
      return first;
    }
    NotificationId id = new NotificationId(new UUID(0x0190_0000_0000_7000L, ++last));
    Notification row =
        new Notification(id, notification.userId(), notification.content(), null, CREATED);
    rows.put(id, row);
    keys.put(key, row);
    return row;
  }

  @Override
  public synchronized Page<Notification> list(
      UserId user, NotificationFilter filter, PageRequest page) {
    check();
    List<Notification> found =
        rows.values().stream()
            .filter(row -> row.userId().equals(user))
            .filter(row -> filter.readState() == ReadState.ALL || !row.isRead())
            .filter(row -> filter.type() == null || row.content().type() == filter.type())
            .filter(
                row -> page.cursor() == null || row.id().toString().compareTo(page.cursor()) < 0)
            .sorted(Comparator.comparing(Notification::id).reversed())
            .toList();
    List<Notification> shown = found.subList(0, Math.min(page.limit(), found.size()));
    boolean more = found.size() > shown.size();
    return new Page<>(shown, more ? shown.get(shown.size() - 1).id().toString() : null);
  }

  @Override
  public synchronized UnreadCount unreadCount(UserId user) {
    check();
    return UnreadCount.of(
        rows.values().stream().filter(row -> row.userId().equals(user) && !row.isRead()).count());
  }

  @Override
  public synchronized UnreadCount read(UserId user, NotificationId id) {
    markRead(owned(user, id));
    return unreadCount(user);
  }

  @Override
  public synchronized int readAll(UserId user, NotificationId upTo) {
    check();
    int updated = 0;
    for (Notification row : new ArrayList<>(rows.headMap(upTo, true).values())) {
      if (row.userId().equals(user) && !row.isRead()) {
        markRead(row);
        updated++;
      }
    }
    return updated;
  }

  @Override
  public synchronized UnreadCount delete(UserId user, NotificationId id) {
    rows.remove(owned(user, id).id());
    return unreadCount(user);
  }

  private Notification owned(UserId user, NotificationId id) {
    check();
    Notification row = rows.get(id);
    if (row == null || !row.userId().equals(user)) {
      throw new RealtimeException(ErrorCode.NOT_FOUND, "there is no notification " + id);
    }
    return row;
  }

  private void markRead(Notification row) {
    Instant readAt = row.isRead() ? row.readAt() : CREATED.plusSeconds(60);
    rows.put(
        row.id(), new Notification(row.id(), row.userId(), row.content(), readAt, row.createdAt()));
  }

  private void check() {
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public PendingPush send(Transaction transaction, NewNotification notification) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<Notification> sendAsync(NewNotification notification) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int sendAll(Collection<UserId> receivers, NotificationContent content, String key) {
    throw new UnsupportedOperationException();
  }
}
