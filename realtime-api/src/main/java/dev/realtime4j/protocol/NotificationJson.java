package dev.realtime4j.protocol;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationType;
import dev.realtime4j.api.notification.UnreadCount;
import java.time.Instant;
import java.util.Map;

/**
 * Notifications as they stand on the wire: all columns but {@code user_id}.
 *
 * <p>Thread safety: stateless.
 */
public final class NotificationJson {
  private NotificationJson() {}

  /** Writes one. */
  public static Json of(Notification notification) {
    NotificationContent content = notification.content();
    return Json.object(
        "id", notification.id(),
        "type", content.type(),
        "title", content.title(),
        "body", content.body(),
        "data", content.data(),
        "read_at", WireTime.formatOrNull(notification.readAt()),
        "created_at", WireTime.format(notification.createdAt()));
  }

  /**
   * Reads one.
   *
   * @param receiver whose it is
   */
  public static Notification read(UserId receiver, Json json) {
    Map<String, Json> fields = json.fields();
    Json body = fields.getOrDefault("body", Json.NULL);
    Json readAt = fields.getOrDefault("read_at", Json.NULL);
    return new Notification(
        NotificationId.of(fields.getOrDefault("id", Json.NULL).asString()),
        receiver,
        new NotificationContent(
            NotificationType.of(fields.getOrDefault("type", Json.NULL).asString()),
            fields.getOrDefault("title", Json.NULL).asString(),
            body.isNull() ? null : body.asString(),
            fields.getOrDefault("data", Json.EMPTY)),
        readAt.isNull() ? null : Instant.parse(readAt.asString()),
        Instant.parse(fields.getOrDefault("created_at", Json.NULL).asString()));
  }

  /** Writes a count. */
  public static Json of(UnreadCount unread) {
    return Json.object("count", unread.count(), "capped", unread.capped());
  }

  /** Reads a count. */
  public static UnreadCount unread(Json json) {
    Map<String, Json> fields = json.fields();
    return new UnreadCount(
        (int) fields.getOrDefault("count", Json.NULL).asLong(),
        fields.getOrDefault("capped", Json.NULL).asBoolean());
  }
}
