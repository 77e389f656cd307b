package dev.realtime4j.server;

import java.time.Duration;
import java.util.Set;

/** Everything that can be set by a number, a time or a list; see {@link RealtimeServerBuilder}. */
final class Settings {
  int port = 8080;
  Duration heartbeatInterval = Duration.ofSeconds(25);
  Duration heartbeatTimeout = Duration.ofSeconds(10);
  Duration presenceBuffer = Duration.ofSeconds(15);
  Duration presenceGrace = Duration.ofSeconds(10);
  int maxRoomSize = 10_000;
  int roomEventsUpTo = 100;
  int messagesPerSecond = 10;
  int messageBurst = -1;
  Duration rateLimitBan = Duration.ofSeconds(60);
  int maxSocketsPerUser = 20;
  int maxSocketsPerAddress = 1000;
  int maxSockets = 50_000;
  int maxRoomsPerSocket = 100;
  int maxWatchedUsersPerSocket = 1000;
  int maxMessageBytes = 64 * 1024;
  int outgoingBudgetBytes = 1024 * 1024;
  Duration handshakeTimeout = Duration.ofSeconds(10);
  Duration tokenGrace = Duration.ofSeconds(30);
  Set<String> allowedOrigins = Set.of();
  Set<String> trustedProxies = Set.of();
  Duration syncInterval = Duration.ofMinutes(5);
  int maxMissed = 200;
  Duration relayLease = Duration.ofSeconds(2);
  int bulkPushesPerSecond = 10_000;
  Duration drainTime = Duration.ofSeconds(10);
  int ioThreads = Runtime.getRuntime().availableProcessors();
  int workerThreads = Math.max(16, 4 * Runtime.getRuntime().availableProcessors());

  /** How long a socket counts as present without being prolonged. */
  Duration presenceTtl() {
    return heartbeatInterval.plus(presenceBuffer);
  }

  int burst() {
    return messageBurst > 0
        ? messageBurst
        : (int) Math.min(Integer.MAX_VALUE / 8, 2L * messagesPerSecond);
  }

  @Override
  public String toString() {
    return "heartbeat "
        + heartbeatInterval
        + "+"
        + heartbeatTimeout
        + ", presence buffer "
        + presenceBuffer
        + ", grace "
        + presenceGrace
        + ", room size "
        + maxRoomSize
        + ", messages/s "
        + messagesPerSecond
        + " (burst "
        + burst()
        + "), sockets "
        + maxSockets
        + " (per user "
        + maxSocketsPerUser
        + ", per address "
        + maxSocketsPerAddress
        + "), rooms per socket "
        + maxRoomsPerSocket
        + ", watched per socket "
        + maxWatchedUsersPerSocket
        + ", message "
        + maxMessageBytes
        + " B, outgoing budget "
        + outgoingBudgetBytes
        + " B, handshake "
        + handshakeTimeout
        + ", origins "
        + (allowedOrigins.isEmpty() ? "all" : allowedOrigins)
        + ", io threads "
        + ioThreads
        + ", workers "
        + workerThreads;
  }
}
