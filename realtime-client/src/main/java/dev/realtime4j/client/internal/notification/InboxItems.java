package dev.realtime4j.client.internal.notification;

import dev.realtime4j.api.Page;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.client.NotificationDeleted;
import dev.realtime4j.client.NotificationsRead;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The newest notifications and the unread count, and what an event makes of them. Doing the same
 * twice changes nothing. Used by the loop only.
 */
final class InboxItems {
  private final int most;
  private final NavigableMap<NotificationId, Notification> items =
      new TreeMap<>(Comparator.reverseOrder());
  private UnreadCount unread = new UnreadCount(0, false);
  private boolean complete;

  InboxItems(int most) {
    this.most = most;
  }

  int most() {
    return most;
  }

  UnreadCount unread() {
    return unread;
  }

  void unread(UnreadCount count) {
    unread = count;
  }

  List<Notification> newestFirst() {
    return List.copyOf(items.values());
  }

  /** The server's answer. */
  void replace(Page<Notification> page, UnreadCount count) {
    items.clear();
    page.items().forEach(item -> items.put(item.id(), item));
    complete = page.nextCursor() == null;
    unread = count;
  }

  /**
   * A new one, told for the first time.
   *
   * @return whether it is known what that makes of the count
   */
  boolean arrived(Notification notification) {
    if (items.containsKey(notification.id())) {
      return true;
    }
    boolean hasPlace = items.size() < most && complete;
    if (!hasPlace && !isAmongNewest(notification)) {
      return most == 0 && counted(notification);
    }
    items.put(notification.id(), notification);
    if (items.size() > most) {
      items.pollLastEntry();
      complete = false;
    }
    return counted(notification);
  }

  private boolean isAmongNewest(Notification notification) {
    return !items.isEmpty() && notification.id().compareTo(items.lastKey()) > 0;
  }

  private boolean counted(Notification notification) {
    if (!notification.isRead() && !unread.capped()) {
      unread = UnreadCount.of(unread.count() + 1);
    }
    return true;
  }

  void read(NotificationsRead read) {
    read.ids().forEach(id -> items.computeIfPresent(id, (key, item) -> at(item, read.readAt())));
    NotificationId upTo = read.upTo();
    if (upTo != null) {
      items.tailMap(upTo, true).replaceAll((id, item) -> at(item, read.readAt()));
    }
    unread = read.unread();
  }

  /** The first reading wins. */
  private static Notification at(Notification item, Instant readAt) {
    return item.isRead()
        ? item
        : new Notification(item.id(), item.userId(), item.content(), readAt, item.createdAt());
  }

  /**
   * One is gone.
   *
   * @return whether what is held is still all that should be
   */
  boolean deleted(NotificationDeleted deleted) {
    boolean held = items.remove(deleted.id()) != null;
    unread = deleted.unread();
    return !held || complete;
  }
}
