package dev.realtime4j.client;

import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.UnreadCount;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Notifications were read, on this device or another of the same user.
 *
 * @param ids which; empty when all up to one were read
 * @param upTo the newest of all that were read; null when single ones were
 * @param readAt when
 * @param unread how many are unread now
 */
public record NotificationsRead(
    List<NotificationId> ids, @Nullable NotificationId upTo, Instant readAt, UnreadCount unread) {
  /** Keeps a copy of the ids. */
  public NotificationsRead {
    ids = List.copyOf(ids);
  }
}
