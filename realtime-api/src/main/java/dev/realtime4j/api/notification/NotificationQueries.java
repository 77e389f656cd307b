package dev.realtime4j.api.notification;

import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Lists and counts a user's notifications; a service provider interface.
 *
 * <p>Contract: nobody sees another user's notifications.
 *
 * <p>Thread safety: every method may be called by any thread. All of them may block on the database
 * and throw {@link dev.realtime4j.api.RealtimeException} {@code UNAVAILABLE} when it is
 * unavailable.
 */
public interface NotificationQueries {
  /**
   * How much content one answer may hold, in bytes ({@link NotificationContent#bytes()}): a page
   * ends before it exceeds this, and a {@link NotificationCatchUp#sync} that would exceed it is a
   * {@code RESYNC}. It must fit into a socket's budget.
   */
  int MAX_ANSWER_BYTES = 256 * 1024;

  /**
   * A user's notifications, newest first. A page may hold fewer than asked for, to stay below
   * {@link #MAX_ANSWER_BYTES}; it is the last one only if it has no next cursor.
   *
   * @throws dev.realtime4j.api.RealtimeException {@code BAD_REQUEST} for an invalid cursor
   */
  Page<Notification> list(UserId user, NotificationFilter filter, PageRequest page);

  /** How many of a user's notifications are unread. */
  UnreadCount unreadCount(UserId user);

  /**
   * How many notifications of each user are unread; override it where one query can answer for all.
   *
   * @return one for each user
   */
  default Map<UserId, UnreadCount> unreadCounts(Collection<UserId> users) {
    return users.stream()
        .distinct()
        .collect(Collectors.toMap(Function.identity(), this::unreadCount));
  }
}
