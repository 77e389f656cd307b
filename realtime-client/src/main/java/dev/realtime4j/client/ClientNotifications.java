package dev.realtime4j.client;

import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.Registration;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.UnreadCount;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The user's own notifications, as a client uses them.
 *
 * <p>Register listeners before {@link RealtimeClient#connect()}; they are called as {@link
 * RealtimeClient} says. Futures fail with {@link dev.realtime4j.api.RealtimeException}, see {@link
 * RealtimeClient#call}. Thread safety: any thread; nothing blocks.
 */
public interface ClientNotifications {
  /**
   * Listens to new notifications: each exactly once, over any number of connections, in the order
   * of their ids among those sent on one node. It is acknowledged when all listeners have returned.
   * The very first connection replays nothing.
   */
  Registration onNew(Consumer<? super Notification> listener);

  /** Listens to notifications being read, on any device of the user. */
  Registration onRead(Consumer<? super NotificationsRead> listener);

  /** Listens to notifications being deleted, on any device of the user. */
  Registration onDeleted(Consumer<? super NotificationDeleted> listener);

  /**
   * Listens to the number of unread notifications: called when it is first known, and whenever it
   * changes. From the first listener on it is kept as in an {@link Inbox}.
   */
  Registration onUnreadChanged(Consumer<? super UnreadCount> listener);

  /**
   * Opens a live view of the newest notifications.
   *
   * @param most how many it holds, 1 to 100
   */
  Inbox inbox(int most);

  /** A page, newest first. */
  CompletableFuture<Page<Notification>> list(NotificationFilter filter, PageRequest page);

  /** How many are unread. */
  CompletableFuture<UnreadCount> unreadCount();

  /**
   * Marks one as read; reading it again changes nothing.
   *
   * @return how many are unread now; {@code NOT_FOUND} when the user has no such notification
   */
  CompletableFuture<UnreadCount> read(NotificationId id);

  /**
   * Marks everything up to one as read.
   *
   * @return how many became read
   */
  CompletableFuture<Integer> readAll(NotificationId upTo);

  /**
   * Deletes one.
   *
   * @return how many are unread now; {@code NOT_FOUND} when the user has no such notification,
   *     which can also mean that the connection was lost during the call and the first try had
   *     succeeded
   */
  CompletableFuture<UnreadCount> delete(NotificationId id);
}
