package dev.realtime4j.server.internal.node;

import dev.realtime4j.server.internal.ban.BanFeature;
import dev.realtime4j.server.internal.notification.NotificationFeature;
import dev.realtime4j.server.internal.presence.PresenceFeature;
import dev.realtime4j.server.internal.room.RoomFeature;
import dev.realtime4j.server.internal.session.limit.SessionLimits;
import java.time.Duration;

/**
 * What was set by numbers and times, by what it is for.
 *
 * @param sessions what one socket, one user and one address may do
 * @param bans of this feature
 * @param presence of this feature
 * @param rooms of this feature
 * @param notifications of this feature
 * @param threads how many
 */
public record NodeSettings(
    SessionLimits sessions,
    BanFeature.Settings bans,
    PresenceFeature.Settings presence,
    RoomFeature.Settings rooms,
    NotificationFeature.Settings notifications,
    Threads threads) {
  /**
   * How many threads there are.
   *
   * @param workers do what may block
   * @param authenticators check tokens
   */
  public record Threads(int workers, int authenticators) {}

  /** How long one sign of life of the node counts: as long as its users' presence. */
  Duration nodeTtl() {
    return presence.ttl();
  }
}
