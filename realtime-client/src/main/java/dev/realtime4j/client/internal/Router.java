package dev.realtime4j.client.internal;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.client.Event;
import dev.realtime4j.client.NotificationDeleted;
import dev.realtime4j.client.NotificationsRead;
import dev.realtime4j.client.internal.connection.Welcome;
import dev.realtime4j.client.internal.desired.DesiredState;
import dev.realtime4j.client.internal.loop.ApplicationListeners;
import dev.realtime4j.client.internal.loop.Callbacks;
import dev.realtime4j.client.internal.notification.Arrivals;
import dev.realtime4j.client.internal.notification.InboxView;
import dev.realtime4j.client.internal.notification.InboxViews;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.NotificationJson;
import dev.realtime4j.protocol.PresenceJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the server's events and hands each to whom it concerns. Used by the loop only. */
final class Router {
  /** What concerns the connection itself. */
  interface Connection {
    void tokenExpired();

    void draining(Duration reconnectAfter);
  }

  private final Arrivals arrivals;
  private final InboxViews views;
  private final DesiredState desired;
  private final Callbacks callbacks;
  private final ApplicationListeners listeners;
  private final Connection connection;
  private final Runnable overflow;

  Router(
      Arrivals arrivals,
      InboxViews views,
      DesiredState desired,
      Callbacks callbacks,
      ApplicationListeners listeners,
      Connection connection,
      Runnable overflow) {
    this.arrivals = arrivals;
    this.views = views;
    this.desired = desired;
    this.callbacks = callbacks;
    this.listeners = listeners;
    this.connection = connection;
    this.overflow = overflow;
  }

  void route(Frame.Event event) {
    switch (event.event()) {
      case "notification.new" -> arrivals.arrived(event.data());
      case "notification.synced" -> {
        arrivals.synced(Welcome.cursor(event.fields()));
        unread(event.fields().get("unread"));
      }
      case "notification.resync" -> {
        Json from = event.fields().getOrDefault("from", Json.NULL);
        arrivals.resync(
            Welcome.cursor(event.fields()),
            from.isNull() ? null : NotificationId.of(from.asString()));
        views.each(InboxView::doubt);
        unread(event.fields().get("unread"));
      }
      case "notification.read", "notification.read_all" -> read(event.fields());
      case "notification.deleted" -> deleted(event.fields());
      case "presence.changed" -> presence(PresenceJson.read(event.data()));
      case "token_expired" -> connection.tokenExpired();
      case "server.draining" ->
          connection.draining(
              Duration.ofMillis(
                  event.fields().getOrDefault("reconnect_after_ms", Json.of(0)).asLong()));
      default -> event(event);
    }
  }

  void unread(@Nullable Json count) {
    if (count != null && !count.isNull()) {
      unread(NotificationJson.unread(count));
    }
  }

  void unread(UnreadCount count) {
    views.each(view -> view.told(count));
  }

  void presence(Presence presence) {
    if (callbacks.isFull()) {
      overflow.run(); // It is not remembered either: after the reconnect it is news.
    } else if (desired.heard(presence)) {
      callbacks.submit(() -> listeners.presence.tell(presence));
    }
  }

  private void read(Map<String, Json> fields) {
    Json upTo = fields.getOrDefault("up_to", Json.NULL);
    Json ids = fields.get("ids");
    NotificationsRead read =
        new NotificationsRead(
            ids == null
                ? List.of()
                : ids.elements().stream()
                    .map(id -> NotificationId.of(id.asString()))
                    .collect(Collectors.toList()),
            upTo.isNull() ? null : NotificationId.of(upTo.asString()),
            Instant.parse(fields.getOrDefault("read_at", Json.NULL).asString()),
            NotificationJson.unread(fields.getOrDefault("unread", Json.NULL)));
    views.each(view -> view.read(read));
    tell(() -> listeners.read.tell(read));
  }

  private void deleted(Map<String, Json> fields) {
    NotificationDeleted deleted =
        new NotificationDeleted(
            NotificationId.of(fields.getOrDefault("id", Json.NULL).asString()),
            NotificationJson.unread(fields.getOrDefault("unread", Json.NULL)));
    views.each(view -> view.deleted(deleted));
    tell(() -> listeners.deleted.tell(deleted));
  }

  private void event(Frame.Event event) {
    RoomName room = event.room() == null ? null : new RoomName(event.room());
    Event happened = new Event(event.event(), room, event.data());
    tell(() -> listeners.event.tell(happened));
  }

  private void tell(Runnable callback) {
    if (callbacks.isFull()) {
      overflow.run();
    } else {
      callbacks.submit(callback);
    }
  }
}
