package dev.realtime4j.client.internal.connection;

import dev.realtime4j.api.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Until when a token is good, as the server says.
 *
 * @param at null when it does not end
 * @param serverTime what the server's clock showed when it said so; null from a server that does
 *     not tell
 */
record TokenExpiry(@Nullable Instant at, @Nullable Instant serverTime) {
  static final TokenExpiry NONE = new TokenExpiry(null, null);

  static TokenExpiry read(Map<String, Json> fields) {
    return new TokenExpiry(time(fields, "token_expires_at"), time(fields, "server_time"));
  }

  private static @Nullable Instant time(Map<String, Json> fields, String name) {
    Json value = fields.getOrDefault(name, Json.NULL);
    return value.isNull() ? null : Instant.parse(value.asString());
  }

  /** Whether its length does not depend on any clock of ours. */
  boolean isByServersClock() {
    return serverTime != null;
  }

  /**
   * How long it is still good; null when it does not end.
   *
   * @param ownTime the time of day here, which may be wrong: used only where the server tells none
   */
  @Nullable Duration left(Instant ownTime) {
    return at == null ? null : Duration.between(serverTime == null ? ownTime : serverTime, at);
  }
}
