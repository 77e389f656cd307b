package dev.realtime4j.client.internal.notification;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.Registration;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationFilter.ReadState;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.client.ClientNotifications;
import dev.realtime4j.client.Inbox;
import dev.realtime4j.client.NotificationDeleted;
import dev.realtime4j.client.NotificationsRead;
import dev.realtime4j.client.internal.call.Call;
import dev.realtime4j.client.internal.call.Calls;
import dev.realtime4j.client.internal.loop.ApplicationListeners;
import dev.realtime4j.protocol.NotificationJson;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The methods {@code notification.…}, and who listens to what becomes of them. */
public final class NotificationCalls implements ClientNotifications {
  /** What one page of the list may have. */
  private static final int MOST_IN_INBOX = 100;

  private final Calls calls;
  private final NotificationReader reader;
  private final ApplicationListeners listeners;
  private final InboxViews views;
  private @Nullable InboxView counting;

  public NotificationCalls(
      Calls calls, NotificationReader reader, ApplicationListeners listeners, InboxViews views) {
    this.calls = calls;
    this.reader = reader;
    this.listeners = listeners;
    this.views = views;
  }

  @Override
  public Registration onNew(Consumer<? super Notification> listener) {
    return listeners.notification.add(listener);
  }

  @Override
  public Registration onRead(Consumer<? super NotificationsRead> listener) {
    return listeners.read.add(listener);
  }

  @Override
  public Registration onDeleted(Consumer<? super NotificationDeleted> listener) {
    return listeners.deleted.add(listener);
  }

  @Override
  public synchronized Registration onUnreadChanged(Consumer<? super UnreadCount> listener) {
    if (counting == null) {
      counting = views.open(0);
    }
    return counting.onChange(listener, new UnreadChanges(listener));
  }

  @Override
  public Inbox inbox(int most) {
    if (most < 1 || most > MOST_IN_INBOX) {
      throw new InvalidValueException(
          "an inbox holds 1 to " + MOST_IN_INBOX + " notifications, not " + most);
    }
    return views.open(most);
  }

  @Override
  public CompletableFuture<Page<Notification>> list(NotificationFilter filter, PageRequest page) {
    Json params =
        Json.object(
            "limit", page.limit(),
            "cursor", page.cursor(),
            "unread", filter.readState() == ReadState.UNREAD,
            "type", filter.type());
    return call("notification.list", params, reader::page);
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
