package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationFilter.ReadState;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationType;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.protocol.NotificationJson;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.call.Answer;
import dev.realtime4j.server.internal.session.call.MethodTable;
import dev.realtime4j.server.internal.session.call.Params;
import java.util.concurrent.atomic.LongAdder;

/** The methods that clients call about their notifications. */
final class NotificationMethods {
  private final Notifications notifications;
  private final LongAdder acknowledged;

  /**
   * @param acknowledged counts what clients said they have
   */
  NotificationMethods(Notifications notifications, LongAdder acknowledged) {
    this.notifications = notifications;
    this.acknowledged = acknowledged;
  }

  void register(MethodTable methods) {
    methods.register("notification.list", this::list);
    methods.register("notification.unread_count", this::unreadCount);
    methods.register("notification.read", this::read);
    methods.register("notification.read_all", this::readAll);
    methods.register("notification.delete", this::delete);
    methods.register("notification.ack", this::ack);
  }

  private Answer list(Session session, Params params) {
    NotificationFilter filter =
        new NotificationFilter(
            params.optionalBoolean("unread").orElse(false) ? ReadState.UNREAD : ReadState.ALL,
            params.optionalString("type").map(NotificationType::of).orElse(null));
    Page<Notification> page = notifications.list(session.userId(), filter, params.page());
    return Answer.of(
        Json.object(
            "notifications",
            page.map(NotificationJson::of).items(),
            "next_cursor",
            page.nextCursor()));
  }

  private Answer unreadCount(Session session, Params params) {
    return Answer.of(NotificationJson.of(notifications.unreadCount(session.userId())));
  }

  private Answer read(Session session, Params params) {
    NotificationId id = NotificationId.of(params.string("id"));
    return Answer.of(
        Json.object("unread", NotificationJson.of(notifications.read(session.userId(), id))));
  }

  private Answer readAll(Session session, Params params) {
    NotificationId upTo = NotificationId.of(params.string("up_to"));
    int updated = notifications.readAll(session.userId(), upTo);
    return Answer.of(
        Json.object(
            "updated",
            updated,
            "unread",
            NotificationJson.of(notifications.unreadCount(session.userId()))));
  }

  private Answer delete(Session session, Params params) {
    NotificationId id = NotificationId.of(params.string("id"));
    return Answer.of(
        Json.object("unread", NotificationJson.of(notifications.delete(session.userId(), id))));
  }

  private Answer ack(Session session, Params params) {
    acknowledged.add(params.array("ids", 1000).size());
    return Answer.EMPTY;
  }
}
