package dev.realtime4j.server.http;

import dev.realtime4j.api.auth.Authenticator;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.api.presence.PresencePolicy;
import dev.realtime4j.api.presence.Presences;
import dev.realtime4j.server.BanCheck;
import dev.realtime4j.server.Broadcaster;
import dev.realtime4j.server.Health;
import java.time.Duration;

/**
 * What the HTTP API uses.
 *
 * <p>Lifecycle: none of these is closed by the HTTP API.
 *
 * @param authenticator checks who is calling; the same as the socket's
 * @param notifications durable notifications
 * @param presences who is online
 * @param connectionLog the log of connections
 * @param broadcaster live events
 * @param health the health of the node
 * @param bans who is refused for a while
 * @param presencePolicy who may see whom
 */
public record HttpServices(
    Authenticator authenticator,
    Notifications notifications,
    Presences presences,
    ConnectionLog connectionLog,
    Broadcaster broadcaster,
    Health health,
    BanCheck bans,
    PresencePolicy presencePolicy) {
  /** With nobody banned, and everybody visible to everybody. */
  public HttpServices(
      Authenticator authenticator,
      Notifications notifications,
      Presences presences,
      ConnectionLog connectionLog,
      Broadcaster broadcaster,
      Health health) {
    this(
        authenticator,
        notifications,
        presences,
        connectionLog,
        broadcaster,
        health,
        user -> Duration.ZERO,
        PresencePolicy.everybody());
  }
}
