package dev.realtime4j.client;

import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.UnreadCount;
import java.util.concurrent.CompletableFuture;

/**
 * The user's own notifications, as a client uses them. New ones reach {@link
 * RealtimeClient#onNotification}; what other devices do reaches {@link RealtimeClient#onRead} and
 * {@link RealtimeClient#onDeleted}.
 *
 * <p>Futures fail with {@link dev.realtime4j.api.RealtimeException}, see {@link
 * RealtimeClient#call}. Thread safety: any thread; nothing blocks.
 */
public interface ClientNotifications {
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
   *     which may also be because the connection was lost during the call and the first try had
   *     succeeded
   */
  CompletableFuture<UnreadCount> delete(NotificationId id);
}
