package dev.realtime4j.client.internal.loop;

import dev.realtime4j.api.Registration;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.client.ConnectionChange;
import dev.realtime4j.client.Event;
import dev.realtime4j.client.NotificationDeleted;
import dev.realtime4j.client.NotificationsRead;
import dev.realtime4j.client.RoomLost;
import java.util.function.Consumer;

/**
 * Everybody in the application who listens, by what they listen to.
 *
 * <p>Thread safety: any thread registers; the callback thread tells.
 */
public final class ApplicationListeners {
  /** The same listener for two names is two. */
  private record Named(String event, Object listener) {}

  public final Listeners<ConnectionChange> state = new Listeners<>();
  public final Listeners<Notification> notification = new Listeners<>();
  public final Listeners<NotificationsRead> read = new Listeners<>();
  public final Listeners<NotificationDeleted> deleted = new Listeners<>();
  public final Listeners<Presence> presence = new Listeners<>();
  public final Listeners<RoomLost> roomLost = new Listeners<>();
  public final Listeners<Event> event = new Listeners<>();

  public Registration onState(Consumer<? super ConnectionChange> listener) {
    return state.add(listener);
  }

  public Registration onPresence(Consumer<? super Presence> listener) {
    return presence.add(listener);
  }

  public Registration onRoomLost(Consumer<? super RoomLost> listener) {
    return roomLost.add(listener);
  }

  public Registration onAnyEvent(Consumer<? super Event> listener) {
    return event.add(listener);
  }

  public Registration onEvent(String name, Consumer<? super Event> listener) {
    return event.add(
        new Named(name, listener),
        happened -> {
          if (happened.name().equals(name)) {
            listener.accept(happened);
          }
        });
  }
}
