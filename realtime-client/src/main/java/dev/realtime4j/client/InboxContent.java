package dev.realtime4j.client;

import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.UnreadCount;
import java.util.List;

/**
 * What an {@link Inbox} holds at one moment.
 *
 * @param notifications newest first, at most as many as requested
 * @param unread how many are unread in total, including those that are not held here
 * @param current whether this should equal what the server has; false before the first answer,
 *     without a connection, and while the list is read again
 */
public record InboxContent(List<Notification> notifications, UnreadCount unread, boolean current) {
  /** Counts them. */
  @Override
  public String toString() {
    return "InboxContent["
        + notifications.size()
        + " shown, "
        + unread.count()
        + " unread"
        + (current ? "]" : ", not current]");
  }

  /** Keeps a copy of the notifications, in their order. */
  public InboxContent {
    notifications = List.copyOf(notifications);
  }
}
