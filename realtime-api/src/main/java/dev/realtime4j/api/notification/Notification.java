package dev.realtime4j.api.notification;

import dev.realtime4j.api.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored notification.
 *
 * @param id which
 * @param userId the receiver
 * @param content title, body and data
 * @param readAt when it was first read; null while unread
 * @param createdAt when it was stored
 */
public record Notification(
    NotificationId id,
    UserId userId,
    NotificationContent content,
    @Nullable Instant readAt,
    Instant createdAt) {
  /** Whether it was read. */
  public boolean isRead() {
    return readAt != null;
  }
}
