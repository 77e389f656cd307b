package dev.realtime4j.protocol;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import java.time.Instant;
import java.util.Map;

/**
 * Presences as they stand on the wire: {@code {"user_id","status","last_seen"}}.
 *
 * <p>Thread safety: stateless.
 */
public final class PresenceJson {
  private PresenceJson() {}

  /** Writes one. */
  public static Json of(Presence presence) {
    return Json.object(
        "user_id", presence.userId(),
        "status", presence.status(),
        "last_seen", WireTime.formatOrNull(presence.lastSeen()));
  }

  /** Reads one. */
  public static Presence read(Json json) {
    Map<String, Json> fields = json.fields();
    Json lastSeen = fields.getOrDefault("last_seen", Json.NULL);
    return new Presence(
        UserId.of(fields.getOrDefault("user_id", Json.NULL).asString()),
        status(fields.getOrDefault("status", Json.NULL).asString()),
        lastSeen.isNull() ? null : Instant.parse(lastSeen.asString()));
  }

  /**
   * Reads a status.
   *
   * @throws RealtimeException {@code BAD_REQUEST} when it is none
   */
  public static PresenceStatus status(String text) {
    return switch (text) {
      case "ONLINE" -> PresenceStatus.ONLINE;
      case "BUSY" -> PresenceStatus.BUSY;
      case "OFFLINE" -> PresenceStatus.OFFLINE;
      default -> throw RealtimeException.badRequest("status must be ONLINE or BUSY");
    };
  }
}
