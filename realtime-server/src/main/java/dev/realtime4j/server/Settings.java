package dev.realtime4j.server;

import dev.realtime4j.api.transport.TransportLimits;
import dev.realtime4j.protocol.CallLimits;
import dev.realtime4j.server.internal.ban.BanFeature;
import dev.realtime4j.server.internal.node.NodeSettings;
import dev.realtime4j.server.internal.notification.NotificationFeature;
import dev.realtime4j.server.internal.presence.PresenceFeature;
import dev.realtime4j.server.internal.room.RoomFeature;
import dev.realtime4j.server.internal.session.limit.SessionLimits;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Everything that can be set by a number, a time or a list; see {@link RealtimeServer.Builder}. */
final class Settings {
  private static final int MOST_SOCKETS = 50_000;

  private static final int MOST_BYTES_PER_SECOND = 1024 * 1024 * 1024;

  int port = 8080;
  @Nullable InetAddress bindAddress;
  Duration heartbeatInterval = Duration.ofSeconds(25);
  Duration heartbeatTimeout = Duration.ofSeconds(10);
  Duration presenceBuffer = Duration.ofSeconds(15);
  Duration presenceGrace = Duration.ofSeconds(10);
  int maxRoomSize = 10_000;
  int roomEventsUpTo = 100;
  int maxClientEventBytes = CallLimits.CLIENT_EVENT_BYTES;
  int clientEventBytesPerSecond = -1;
  int messagesPerSecond = 10;
  int messageBurst = -1;
  int messageBytesPerSecond = -1;
  int messageBudgetsPerUser = 10;
  int maxMessagesPerFrame = -1;
  int controlFramesPerSecond = 10;
  Duration rateLimitBan = Duration.ofSeconds(60);
  int maxSocketsPerUser = 20;
  int maxSocketsPerAddress = 1000;
  int maxHalfOpenSocketsPerAddress = -1;
  int connectsPerSecondPerUser = -1;
  int connectsPerSecondPerAddress = -1;
  int maxSockets = -1;
  int maxRoomsPerSocket = 100;
  int maxWatchedUsersPerSocket = 1000;
  int maxMessageBytes = 64 * 1024;
  int outgoingBudgetBytes = 1024 * 1024;
  int sendBufferBytes = 128 * 1024;
  int maxHandshakeBytes = 16 * 1024;
  Duration handshakeTimeout = Duration.ofSeconds(10);
  Duration tokenGrace = Duration.ofSeconds(30);
  Set<String> allowedOrigins = Set.of();
  Set<String> trustedProxies = Set.of();
  ProxyProtocol proxyProtocol = ProxyProtocol.OFF;

  Duration syncInterval = Duration.ofMinutes(5);
  int maxMissed = 200;
  Duration relayLease = Duration.ofSeconds(2);
  int bulkPushesPerSecond = 10_000;
  Duration drainTime = Duration.ofSeconds(10);
  int ioThreads = Runtime.getRuntime().availableProcessors();
  int authenticatorThreads = 64;
  int workerThreads = Math.max(16, 4 * Runtime.getRuntime().availableProcessors());

  /** How long a socket counts as present without being prolonged. */
  Duration presenceTtl() {
    return heartbeatInterval.plus(presenceBuffer);
  }

  int sockets() {
    return maxSockets > 0 ? maxSockets : OpenFiles.ofProcess().socketsUpTo(MOST_SOCKETS);
  }

  int burst() {
    return messageBurst > 0
        ? messageBurst
        : (int) Math.min(Integer.MAX_VALUE / 8, 2L * messagesPerSecond);
  }

  /** A quarter of the largest for each message: who may say more may send more. */
  int messageBytes() {
    return messageBytesPerSecond > 0
        ? messageBytesPerSecond
        : (int) Math.min(MOST_BYTES_PER_SECOND, (long) messagesPerSecond * maxMessageBytes / 4);
  }

  int messagesPerFrame() {
    return maxMessagesPerFrame > 0 ? maxMessagesPerFrame : Math.max(100, burst());
  }

  /** 16 KiB for ten messages: who may say more may say it in a room, too. */
  int clientEventBytes() {
    return clientEventBytesPerSecond > 0
        ? clientEventBytesPerSecond
        : (int) Math.min(MOST_BYTES_PER_SECOND, Math.max(256, 16L * 1024 * messagesPerSecond / 10));
  }

  /** At the default of all 250; two quarters of the node are for half-open sockets. */
  int halfOpenPerAddress() {
    return maxHalfOpenSocketsPerAddress > 0
        ? maxHalfOpenSocketsPerAddress
        : Math.max(1, Math.min(maxSocketsPerAddress, sockets()) / 4);
  }

  int userConnects() {
    return connectsPerSecondPerUser > 0
        ? connectsPerSecondPerUser
        : Math.max(1, maxSocketsPerUser / 4);
  }

  int addressConnects() {
    return connectsPerSecondPerAddress > 0
        ? connectsPerSecondPerAddress
        : Math.max(1, maxSocketsPerAddress / 10);
  }

  /** As the node takes them; what is set afterwards changes nothing there. */
  NodeSettings forNode() {
    return new NodeSettings(
        sessionLimits(),
        new BanFeature.Settings(rateLimitBan),
        new PresenceFeature.Settings(
            presenceTtl(),
            presenceRefresh(),
            presenceGrace,
            maxWatchedUsersPerSocket,
            maxSocketsPerUser,
            PresenceFeature.CHANGES_APART),
        new RoomFeature.Settings(
            maxRoomSize,
            maxRoomsPerSocket,
            roomEventsUpTo,
            outgoingBudgetBytes / 4,
            maxClientEventBytes,
            clientEventBytes()),
        new NotificationFeature.Settings(
            relayLease, bulkPushesPerSecond, syncInterval, maxMissed, outgoingBudgetBytes / 2),
        new NodeSettings.Threads(workerThreads, authenticatorThreads));
  }

  private SessionLimits sessionLimits() {
    return new SessionLimits(
        new SessionLimits.Heartbeats(heartbeatInterval, heartbeatTimeout),
        new SessionLimits.Messages(
            messagesPerSecond,
            burst(),
            messageBytes(),
            messageBudgetsPerUser,
            messagesPerFrame(),
            outgoingBudgetBytes),
        new SessionLimits.Sockets(
            maxSocketsPerUser, maxSocketsPerAddress, userConnects(), addressConnects()),
        new SessionLimits.Handshakes(handshakeTimeout, tokenGrace, allowedOrigins, trustedProxies));
  }

  TransportLimits transportLimits() {
    return new TransportLimits(
        port, maxMessageBytes, maxHandshakeBytes, handshakeTimeout, sockets(), bindAddress);
  }

  /** Twice within the time that a socket counts, so that a late refresh shows nobody as gone. */
  private Duration presenceRefresh() {
    Duration half = presenceTtl().dividedBy(2);
    return half.compareTo(heartbeatInterval) < 0 ? half : heartbeatInterval;
  }

  /** All of them on one line, under the names of the builder: it is logged at the start. */
  @Override
  public String toString() {
    return new StringJoiner(", ")
        .add("bindAddress=" + bound())
        .add("maxSockets=" + sockets())
        .add("maxSocketsPerUser=" + maxSocketsPerUser)
        .add("maxSocketsPerAddress=" + maxSocketsPerAddress)
        .add("maxHalfOpenSocketsPerAddress=" + halfOpenPerAddress())
        .add("connectsPerSecondPerUser=" + userConnects())
        .add("connectsPerSecondPerAddress=" + addressConnects())
        .add("maxHandshakeBytes=" + maxHandshakeBytes)
        .add("handshakeTimeout=" + text(handshakeTimeout))
        .add("allowedOrigins=" + (allowedOrigins.isEmpty() ? "all" : allowedOrigins))
        .add("trustedProxies=" + (trustedProxies.isEmpty() ? "none" : trustedProxies))
        .add("proxyProtocol=" + proxyProtocol)
        .add("heartbeatInterval=" + text(heartbeatInterval))
        .add("heartbeatTimeout=" + text(heartbeatTimeout))
        .add("tokenGrace=" + text(tokenGrace))
        .add("drainTime=" + text(drainTime))
        .add("maxMessageBytes=" + maxMessageBytes)
        .add("messagesPerSecond=" + messagesPerSecond)
        .add("messageBurst=" + burst())
        .add("messageBytesPerSecond=" + messageBytes())
        .add("messageBudgetsPerUser=" + messageBudgetsPerUser)
        .add("maxMessagesPerFrame=" + messagesPerFrame())
        .add("controlFramesPerSecond=" + controlFramesPerSecond)
        .add("rateLimitBan=" + text(rateLimitBan))
        .add("outgoingBudgetBytes=" + outgoingBudgetBytes)
        .add("sendBufferBytes=" + sendBufferBytes)
        .add("presenceBuffer=" + text(presenceBuffer))
        .add("presenceGrace=" + text(presenceGrace))
        .add("maxWatchedUsersPerSocket=" + maxWatchedUsersPerSocket)
        .add("maxRoomSize=" + maxRoomSize)
        .add("maxRoomsPerSocket=" + maxRoomsPerSocket)
        .add("roomEventsUpTo=" + roomEventsUpTo)
        .add("maxClientEventBytes=" + maxClientEventBytes)
        .add("clientEventBytesPerSecond=" + clientEventBytes())
        .add("syncInterval=" + text(syncInterval))
        .add("maxMissed=" + maxMissed)
        .add("relayLease=" + text(relayLease))
        .add("bulkPushesPerSecond=" + bulkPushesPerSecond)
        .add("ioThreads=" + ioThreads)
        .add("authenticatorThreads=" + authenticatorThreads)
        .add("workerThreads=" + workerThreads)
        .toString();
  }

  private String bound() {
    return bindAddress == null ? "all" : bindAddress.getHostAddress();
  }

  /** As the settings are written: {@code 500ms}, {@code 25s}. */
  private static String text(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
  }
}
