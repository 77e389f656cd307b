package dev.realtime4j.api.notification;

import org.jspecify.annotations.Nullable;

/**
 * Which notifications of a user.
 *
 * @param readState whether read ones are among them
 * @param type only those of this type; null for all
 */
public record NotificationFilter(ReadState readState, @Nullable NotificationType type) {
  /** Read or not. */
  public enum ReadState {
    /** Both. */
    ALL,
    /** Unread ones only. */
    UNREAD
  }

  /** All of them. */
  public static final NotificationFilter ALL = new NotificationFilter(ReadState.ALL, null);

  /** The unread ones. */
  public static final NotificationFilter UNREAD = new NotificationFilter(ReadState.UNREAD, null);
}
