package dev.realtime4j.api.presence;

import dev.realtime4j.api.UserId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The presence of a user.
 *
 * @param userId the user
 * @param status online, busy or offline
 * @param lastSeen the last sign of life; null when there never was one
 */
public record Presence(UserId userId, PresenceStatus status, @Nullable Instant lastSeen) {
  /** A user who is offline. */
  public static Presence offline(UserId userId, @Nullable Instant lastSeen) {
    Objects.requireNonNull(userId, "userId");
    return new Presence(userId, PresenceStatus.OFFLINE, lastSeen);
  }
}
