package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.FrameCodec;
import dev.realtime4j.protocol.NotificationJson;
import dev.realtime4j.protocol.WireTime;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The notification events as they stand on the wire. */
final class NotificationEvents {
  private NotificationEvents() {}

  static byte[] created(Notification notification) {
    return event("notification.new", NotificationJson.of(notification));
  }

  static byte[] read(NotificationId id, Instant readAt, UnreadCount unread) {
    return event(
        "notification.read",
        Json.object(
            "ids", List.of(id),
            "read_at", WireTime.format(readAt),
            "unread", NotificationJson.of(unread)));
  }

  static byte[] readAll(NotificationId upTo, Instant readAt, UnreadCount unread) {
    return event(
        "notification.read_all",
        Json.object(
            "up_to", upTo,
            "read_at", WireTime.format(readAt),
            "unread", NotificationJson.of(unread)));
  }

  static byte[] deleted(NotificationId id, UnreadCount unread) {
    return event(
        "notification.deleted", Json.object("id", id, "unread", NotificationJson.of(unread)));
  }

  static byte[] synced(SyncCursor cursor, UnreadCount unread) {
    return event(
        "notification.synced",
        Json.object("cursor", cursor, "unread", NotificationJson.of(unread)));
  }

  /**
   * @param from nothing older than this is missing; null when that is not known
   */
  static byte[] resync(SyncCursor cursor, UnreadCount unread, @Nullable NotificationId from) {
    return event(
        "notification.resync",
        Json.object("cursor", cursor, "unread", NotificationJson.of(unread), "from", from));
  }

  private static byte[] event(String name, Json data) {
    return FrameCodec.encodeBytes(Frame.Event.of(name, data));
  }
}
