package dev.realtime4j.server.http;

import static dev.realtime4j.server.http.Route.Access.ADMIN;
import static dev.realtime4j.server.http.Route.Access.USER;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationFilter.ReadState;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationType;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.protocol.NotificationJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A user's own notifications, and sending for who may. */
final class NotificationEndpoints {
  private final Notifications notifications;

  NotificationEndpoints(Notifications notifications) {
    this.notifications = notifications;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/notifications", USER, 100, this::list),
        new Route("POST", "/notifications", ADMIN, Route.UNLIMITED, Route.Body.READ, this::send),
        new Route("GET", "/notifications/unread-count", USER, 100, this::unreadCount),
        new Route("PUT", "/notifications/read", USER, 100, Route.Body.READ, this::readAll),
        new Route("PUT", "/notifications/{id}/read", USER, 200, this::read),
        new Route("DELETE", "/notifications/{id}", USER, 100, this::delete));
  }

  private HttpResponse list(Call call) {
    Query query = call.query();
    String type = query.text("type");
    NotificationFilter filter =
        new NotificationFilter(
            query.flag("unread") ? ReadState.UNREAD : ReadState.ALL,
            type == null ? null : NotificationType.of(type));
    Page<Notification> page = notifications.list(call.user(), filter, query.page());
    return Pages.answer(page.map(NotificationJson::of));
  }

  private HttpResponse unreadCount(Call call) {
    return HttpResponse.json(200, NotificationJson.of(notifications.unreadCount(call.user())));
  }

  private HttpResponse read(Call call) {
    notifications.read(call.user(), id(call));
    return HttpResponse.noContent();
  }

  private HttpResponse readAll(Call call) {
    NotificationId upTo = new NotificationId(call.body().uuid("up_to"));
    return HttpResponse.json(200, Json.object("updated", notifications.readAll(call.user(), upTo)));
  }

  private HttpResponse delete(Call call) {
    notifications.delete(call.user(), id(call));
    return HttpResponse.noContent();
  }

  private HttpResponse send(Call call) {
    Fields body = call.body();
    NewNotification.Builder notification =
        NewNotification.to(new UserId(body.uuid("user_id")))
            .title(body.required("title"))
            .body(body.optional("body"))
            .data(body.json("data", Json.EMPTY))
            .idempotencyKey(call.request().header("Idempotency-Key").orElse(null));
    String type = body.optional("type");
    if (type != null) {
      notification.type(NotificationType.of(type));
    }
    return HttpResponse.json(201, withReceiver(notifications.send(notification.build())));
  }

  /** The wire leaves the receiver out, for it is always the reader; here it is somebody else. */
  private static Json withReceiver(Notification notification) {
    Map<String, Json> members = new LinkedHashMap<>();
    NotificationJson.of(notification)
        .fields()
        .forEach(
            (name, value) -> {
              members.put(name, value);
              if (name.equals("id")) {
                members.put("user_id", Json.of(notification.userId()));
              }
            });
    return Json.of(members);
  }

  private static NotificationId id(Call call) {
    return new NotificationId(call.pathUuid("id"));
  }
}
