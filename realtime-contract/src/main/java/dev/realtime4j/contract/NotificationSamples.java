package dev.realtime4j.contract;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationQueries;
import dev.realtime4j.api.notification.NotificationType;
import java.util.List;

/** Notifications to store, and what is there of a user. */
final class NotificationSamples {
  private NotificationSamples() {}

  static NewNotification titled(UserId user, String title) {
    return NewNotification.to(user).title(title).build();
  }

  static NewNotification keyed(UserId user, String title, String key) {
    return NewNotification.to(user).title(title).idempotencyKey(key).build();
  }

  /** A content of about this many KiB. */
  static NotificationContent heavy(int kib) {
    return new NotificationContent(
        NotificationType.INFO, "heavy", "x".repeat(kib * 1024), Json.EMPTY);
  }

  static List<NotificationId> ids(List<Notification> notifications) {
    return notifications.stream().map(Notification::id).toList();
  }

  /** Those of a user with few, newest first. */
  static List<Notification> all(NotificationQueries queries, UserId user) {
    return queries.list(user, NotificationFilter.ALL, PageRequest.first(100)).items();
  }
}
