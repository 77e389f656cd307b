package dev.realtime4j.client.internal;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.protocol.NotificationJson;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's first message.
 *
 * @param silence how long the server may be silent before it counts as gone
 * @param tokenExpiresAt null when the token does not expire
 * @param unread null when the server could not tell
 * @param missed how many missed notifications follow; null when nothing was resumed
 * @param cursor null when the server could not tell
 */
record Welcome(
    UserId userId,
    Duration silence,
    @Nullable Instant tokenExpiresAt,
    @Nullable UnreadCount unread,
    @Nullable Long missed,
    @Nullable SyncCursor cursor) {
  static Welcome read(Json data) {
    Map<String, Json> fields = data.fields();
    Json missed = fields.getOrDefault("missed", Json.NULL);
    Json unread = fields.getOrDefault("unread", Json.NULL);
    return new Welcome(
        UserId.of(fields.getOrDefault("user_id", Json.NULL).asString()),
        Duration.ofMillis(
            fields.getOrDefault("heartbeat_interval_ms", Json.NULL).asLong()
                + fields.getOrDefault("heartbeat_timeout_ms", Json.NULL).asLong()),
        time(fields.getOrDefault("token_expires_at", Json.NULL)),
        unread.isNull() ? null : NotificationJson.unread(unread),
        missed.isNull() ? null : Long.valueOf(missed.asLong()),
        cursor(fields));
  }

  static @Nullable Instant time(Json value) {
    return value.isNull() ? null : Instant.parse(value.asString());
  }

  static @Nullable SyncCursor cursor(Map<String, Json> fields) {
    Json cursor = fields.getOrDefault("cursor", Json.NULL);
    return cursor.isNull() ? null : new SyncCursor(cursor.asString());
  }
}
