package dev.realtime4j.api.presence;

import dev.realtime4j.api.UserId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a user is present now.
 *
 * @param userId the user
 * @param status how
 * @param lastSeen the last sign of life; null when there never was one
 */
public record Presence(UserId userId, PresenceStatus status, @Nullable Instant lastSeen) {
  /** A user who is not there. */
  public static Presence offline(UserId userId, @Nullable Instant lastSeen) {
    Objects.requireNonNull(userId, "userId");
    return new Presence(userId, PresenceStatus.OFFLINE, lastSeen);
  }
}
