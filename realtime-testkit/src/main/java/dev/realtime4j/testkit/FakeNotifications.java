package dev.realtime4j.testkit;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.NotificationJson;
import dev.realtime4j.protocol.WireTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Everybody's notifications, and the events about them. Used by the wire only. */
final class FakeNotifications {
  private final Map<UserId, Mailbox> boxes = new HashMap<>();
  private final VirtualTime time;
  private final Pushes pushes;
  private int count;
  private int epoch;

  FakeNotifications(VirtualTime time, Pushes pushes) {
    this.time = time;
    this.pushes = pushes;
  }

  Mailbox of(UserId user) {
    return boxes.computeIfAbsent(user, key -> new Mailbox());
  }

  /** Makes the id and the time of a notification that nobody sees yet. */
  Notification create(NewNotification fresh) {
    count++;
    long high = time.now().toEpochMilli() << 16 | 0x7000 | count >> 12 & 0xFFF;
    long low = 0x8000_0000_0000_0000L | count & 0xFFF;
    return new Notification(
        new NotificationId(new UUID(high, low)), fresh.userId(), fresh.content(), null, time.now());
  }

  void add(Notification notification) {
    of(notification.userId()).add(notification);
    pushes.toUser(
        notification.userId(),
        Frame.Event.of("notification.new", NotificationJson.of(notification)));
  }

  void read(UserId user, NotificationId id) {
    Mailbox box = of(user);
    if (box.read(id, time.now())) {
      tell(user, "notification.read", "ids", List.of(id), "read_at", now(), "unread", unread(user));
    }
  }

  int readAll(UserId user, NotificationId upTo) {
    int updated = of(user).readAll(upTo, time.now());
    if (updated > 0) {
      tell(user, "notification.read_all", "up_to", upTo, "read_at", now(), "unread", unread(user));
    }
    return updated;
  }

  void delete(UserId user, NotificationId id) {
    of(user).delete(id);
    tell(user, "notification.deleted", "id", id, "unread", unread(user));
  }

  Json unread(UserId user) {
    return NotificationJson.of(of(user).unread());
  }

  String cursor(UserId user) {
    return "fake." + epoch + "." + of(user).cursor();
  }

  /** No cursor that was given is known any more, as after a restored database. */
  void loseCursors() {
    epoch++;
  }

  /**
   * Adds the welcome to a connection's frame, and what it missed.
   *
   * @param since the newest cursor that the client was given; null when it has none
   */
  void welcome(FakeConnection connection, @Nullable String since, Map<String, Object> welcome) {
    UserId user = connection.user();
    Mailbox.Missed missed = since == null ? null : missedSince(user, since);
    welcome.put("unread", unread(user));
    welcome.put("cursor", cursor(user));
    if (missed != null) {
      welcome.put("missed", missed.notifications().map(List::size).orElse(0));
    }
    connection.add(Frame.Event.of("connected", Json.of(welcome)));
    if (missed != null) {
      missed
          .notifications()
          .orElse(List.of())
          .forEach(
              one -> connection.add(Frame.Event.of("notification.new", NotificationJson.of(one))));
      if (missed.notifications().isEmpty()) {
        connection.add(
            Frame.Event.of(
                "notification.resync",
                Json.object(
                    "cursor", cursor(user), "unread", unread(user), "from", missed.from())));
      }
    }
  }

  private Mailbox.Missed missedSince(UserId user, String since) {
    String known = "fake." + epoch + ".";
    return since.startsWith(known)
        ? of(user).missedSince(Long.parseLong(since.substring(known.length())))
        : Mailbox.UNKNOWN;
  }

  private void tell(UserId user, String event, @Nullable Object... data) {
    pushes.toUser(user, Frame.Event.of(event, Json.object(data)));
  }

  private String now() {
    return WireTime.format(time.now());
  }
}
