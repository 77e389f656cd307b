package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationFilter.ReadState;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationType;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.protocol.NotificationJson;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.call.Answer;
import dev.realtime4j.server.internal.session.call.MethodTable;
import dev.realtime4j.server.internal.session.call.Params;
import dev.realtime4j.server.internal.session.call.Reply;
import dev.realtime4j.server.internal.store.StoreGuard;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * The methods that clients call about their notifications: read on the thread that calls, done on
 * those of the store, for each socket in the order of its calls.
 */
final class NotificationMethods {
  private final Notifications notifications;
  private final StoreGuard guard;
  private final LongAdder acknowledged;

  /**
   * @param guard of the store
   * @param acknowledged counts what clients said they have
   */
  NotificationMethods(Notifications notifications, StoreGuard guard, LongAdder acknowledged) {
    this.notifications = notifications;
    this.guard = guard;
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

  private Reply list(Session session, Params params) {
    NotificationFilter filter =
        new NotificationFilter(
            params.optionalBoolean("unread").orElse(false) ? ReadState.UNREAD : ReadState.ALL,
            params.optionalString("type").map(NotificationType::of).orElse(null));
    PageRequest page = params.page();
    return inTurn(session, () -> list(session.userId(), filter, page));
  }

  private Answer list(UserId user, NotificationFilter filter, PageRequest request) {
    Page<Notification> page = notifications.list(user, filter, request);
    return Answer.of(
        Json.object(
            "notifications",
            page.map(NotificationJson::of).items(),
            "next_cursor",
            page.nextCursor()));
  }

  private Reply unreadCount(Session session, Params params) {
    UserId user = session.userId();
    return inTurn(session, () -> Answer.of(NotificationJson.of(notifications.unreadCount(user))));
  }

  private Reply read(Session session, Params params) {
    NotificationId id = NotificationId.of(params.string("id"));
    UserId user = session.userId();
    return inTurn(session, () -> unread(notifications.read(user, id)));
  }

  private Reply readAll(Session session, Params params) {
    NotificationId upTo = NotificationId.of(params.string("up_to"));
    return inTurn(session, () -> readAll(session.userId(), upTo));
  }

  private Answer readAll(UserId user, NotificationId upTo) {
    int updated = notifications.readAll(user, upTo);
    return Answer.of(
        Json.object(
            "updated", updated, "unread", NotificationJson.of(notifications.unreadCount(user))));
  }

  private Reply delete(Session session, Params params) {
    NotificationId id = NotificationId.of(params.string("id"));
    UserId user = session.userId();
    return inTurn(session, () -> unread(notifications.delete(user, id)));
  }

  private static Answer unread(UnreadCount unread) {
    return Answer.of(Json.object("unread", NotificationJson.of(unread)));
  }

  private Reply inTurn(Session session, Supplier<Answer> call) {
    return new Reply.Pending(
        session.state(CallChain.class, CallChain::new).add(() -> guard.submit(call)));
  }

  private Answer ack(Session session, Params params) {
    acknowledged.add(params.array("ids", 1000).size());
    return Answer.EMPTY;
  }
}
