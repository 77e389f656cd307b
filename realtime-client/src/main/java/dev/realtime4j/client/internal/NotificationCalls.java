package dev.realtime4j.client.internal;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationFilter.Reading;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.client.ClientNotifications;
import dev.realtime4j.protocol.NotificationJson;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The methods {@code notification.…}. */
final class NotificationCalls implements ClientNotifications {
  private final Calls calls;
  private final Inbox inbox;

  NotificationCalls(Calls calls, Inbox inbox) {
    this.calls = calls;
    this.inbox = inbox;
  }

  @Override
  public CompletableFuture<Page<Notification>> list(NotificationFilter filter, PageRequest page) {
    Json params =
        Json.object(
            "limit", page.limit(),
            "cursor", page.cursor(),
            "unread", filter.reading() == Reading.UNREAD,
            "type", filter.type());
    return call("notification.list", params, inbox::page);
  }

  @Override
  public CompletableFuture<UnreadCount> unreadCount() {
    return call("notification.unread_count", Json.EMPTY, NotificationJson::unread);
  }

  @Override
  public CompletableFuture<UnreadCount> read(NotificationId id) {
    return call("notification.read", Json.object("id", id), NotificationCalls::unread);
  }

  @Override
  public CompletableFuture<Integer> readAll(NotificationId upTo) {
    return call(
        "notification.read_all",
        Json.object("up_to", upTo),
        result -> (int) result.fields().getOrDefault("updated", Json.NULL).asLong());
  }

  @Override
  public CompletableFuture<UnreadCount> delete(NotificationId id) {
    return call("notification.delete", Json.object("id", id), NotificationCalls::unread);
  }

  private <T> CompletableFuture<T> call(String method, Json params, Function<Json, T> reader) {
    return calls.call(new Call<>(Call.Owner.APPLICATION, method, params, reader));
  }

  private static UnreadCount unread(Json result) {
    return NotificationJson.unread(result.fields().getOrDefault("unread", Json.NULL));
  }
}
