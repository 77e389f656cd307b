package dev.realtime4j.api.connectionlog;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import java.net.InetAddress;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One accepted connection.
 *
 * @param id a UUIDv7 of the time it opened
 * @param userId the user
 * @param serverId the node that held it
 * @param socketId which socket
 * @param remoteAddress where it came from
 * @param userAgent what the client called itself; null when it did not
 * @param connectedAt when it opened
 * @param disconnectedAt when it closed; null while it is open
 * @param closeCode the WebSocket close code; null while it is open, and for a lost node
 * @param closeReason why it closed, {@value #SERVER_LOST} for a lost node; null while it is open
 */
public record ConnectionLogEntry(
    UUID id,
    UserId userId,
    ServerId serverId,
    SocketId socketId,
    InetAddress remoteAddress,
    @Nullable String userAgent,
    Instant connectedAt,
    @Nullable Instant disconnectedAt,
    @Nullable Integer closeCode,
    @Nullable String closeReason) {
  /** The close reason of a connection whose node died. */
  public static final String SERVER_LOST = "server_lost";

  /** The same connection, closed. */
  public ConnectionLogEntry closed(Instant at, @Nullable Integer code, String reason) {
    return new ConnectionLogEntry(
        id, userId, serverId, socketId, remoteAddress, userAgent, connectedAt, at, code, reason);
  }
}
