package dev.realtime4j.api.notification;

import java.time.Instant;

/**
 * A key that was used to send to a user. {@code toString} does not show it.
 *
 * @param text as it was given
 * @param notification what it was first used for; may have been deleted since
 * @param usedAt when
 */
public record IdempotencyKey(String text, NotificationId notification, Instant usedAt) {
  @Override
  public String toString() {
    return "IdempotencyKey[of " + notification + "]";
  }
}
