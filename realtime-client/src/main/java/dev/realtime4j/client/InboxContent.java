package dev.realtime4j.client;

import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.UnreadCount;
import java.util.List;

/**
 * What an {@link Inbox} holds at one moment.
 *
 * @param notifications newest first, at most as many as were asked for
 * @param unread how many are unread in all, also among those that are not held here
 * @param current whether this is believed to be what the server has; false before the first answer,
 *     without a connection, and while it is being made sure
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
