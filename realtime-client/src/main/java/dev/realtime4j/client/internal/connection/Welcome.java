package dev.realtime4j.client.internal.connection;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.protocol.NotificationJson;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's first message.
 *
 * @param silence how long the server may be silent before it counts as gone
 * @param heartbeatTimeout how long the server waits for an answer to its heartbeat
 * @param tokenEnd until when the token is good
 * @param unread null when the server could not tell
 * @param missed how many missed notifications follow; null when nothing was resumed
 * @param cursor null when the server could not tell
 */
public record Welcome(
    UserId userId,
    Duration silence,
    Duration heartbeatTimeout,
    TokenExpiry tokenEnd,
    @Nullable UnreadCount unread,
    @Nullable Long missed,
    @Nullable SyncCursor cursor) {
  static Welcome read(Json data) {
    Map<String, Json> fields = data.fields();
    Json missed = fields.getOrDefault("missed", Json.NULL);
    Json unread = fields.getOrDefault("unread", Json.NULL);
    Duration interval = millis(fields, "heartbeat_interval_ms");
    Duration timeout = millis(fields, "heartbeat_timeout_ms");
    return new Welcome(
        UserId.of(fields.getOrDefault("user_id", Json.NULL).asString()),
        interval.plus(timeout),
        timeout,
        TokenExpiry.read(fields),
        unread.isNull() ? null : NotificationJson.unread(unread),
        missed.isNull() ? null : Long.valueOf(missed.asLong()),
        cursor(fields));
  }

  private static Duration millis(Map<String, Json> fields, String name) {
    return Duration.ofMillis(fields.getOrDefault(name, Json.NULL).asLong());
  }

  public static @Nullable SyncCursor cursor(Map<String, Json> fields) {
    Json cursor = fields.getOrDefault("cursor", Json.NULL);
    return cursor.isNull() ? null : new SyncCursor(cursor.asString());
  }
}
