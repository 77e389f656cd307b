package dev.realtime4j.api.presence;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * A change of a user's presence, as a {@link PresenceStore} publishes it on the bus, on the channel
 * {@link #channel}: {@code {"user_id","status","last_seen","version"}}.
 *
 * @param presence the user's presence from now on
 * @param version grows with every change of the same user: a change with a smaller one is late and
 *     is dropped. At most 9,000,000,000,000,000: microseconds since 1970 are fine
 */
public record PresenceChange(Presence presence, long version) {
  private static final String PREFIX = "presence:";

  /** A time in microseconds, long from now; what is larger is not exact in every Redis script. */
  private static final long LATEST_VERSION = 9_000_000_000_000_000L;

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  /** The bus channel on which the changes of a user are published. */
  public static String channel(UserId userId) {
    Objects.requireNonNull(userId, "userId");
    return PREFIX + userId;
  }

  /** The message as it stands on the bus; before it there may be an empty line. */
  public byte[] encoded() {
    return Json.object(
            "user_id", presence.userId(),
            "status", presence.status(),
            "last_seen", presence.lastSeen(),
            "version", version)
        .text()
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads what {@link #encoded} wrote.
   *
   * @throws InvalidValueException when it is anything else
   */
  public static PresenceChange decode(byte[] message) {
    Objects.requireNonNull(message, "message");
    Map<String, Json> fields = Json.parse(new String(message, StandardCharsets.UTF_8)).fields();
    Json lastSeen = fields.getOrDefault("last_seen", Json.NULL);
    try {
      long version = fields.getOrDefault("version", Json.NULL).asLong();
      Instant seen = lastSeen.isNull() ? null : Instant.parse(lastSeen.asString());
      if (version > LATEST_VERSION || seen != null && seen.isAfter(LATEST)) {
        // None of any store: all that follow would be taken for late.
        throw new InvalidValueException("not a presence change");
      }
      return new PresenceChange(
          new Presence(
              UserId.of(fields.getOrDefault("user_id", Json.NULL).asString()),
              PresenceStatus.valueOf(fields.getOrDefault("status", Json.NULL).asString()),
              seen),
          version);
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw new InvalidValueException("not a presence change");
    }
  }
}
