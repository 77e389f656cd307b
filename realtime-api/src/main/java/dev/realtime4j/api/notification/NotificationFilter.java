package dev.realtime4j.api.notification;

import org.jspecify.annotations.Nullable;

/**
 * Which notifications of a user.
 *
 * @param reading whether read ones are among them
 * @param type only those of this type; null for all
 */
public record NotificationFilter(Reading reading, @Nullable NotificationType type) {
  /** Read or not. */
  public enum Reading {
    /** Both. */
    ALL,
    /** Unread ones only. */
    UNREAD
  }

  /** All of them. */
  public static final NotificationFilter ALL = new NotificationFilter(Reading.ALL, null);

  /** The unread ones. */
  public static final NotificationFilter UNREAD = new NotificationFilter(Reading.UNREAD, null);
}
