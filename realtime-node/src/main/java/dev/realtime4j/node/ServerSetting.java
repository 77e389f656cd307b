package dev.realtime4j.node;

import dev.realtime4j.server.RealtimeServer;
import java.time.Duration;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The settings of {@link RealtimeServer.Builder} as variables of the environment: {@code
 * heartbeatInterval} is {@code REALTIME_HEARTBEAT_INTERVAL}. Durations are written {@code 500ms},
 * {@code 25s}, {@code 5m}, {@code 2h}; sets with commas. What is not given stays the builder's.
 */
enum ServerSetting {
  HEARTBEAT_INTERVAL(durations(RealtimeServer.Builder::heartbeatInterval)),
  HEARTBEAT_TIMEOUT(durations(RealtimeServer.Builder::heartbeatTimeout)),
  PRESENCE_BUFFER(durations(RealtimeServer.Builder::presenceBuffer)),
  PRESENCE_GRACE(durations(RealtimeServer.Builder::presenceGrace)),
  MAX_ROOM_SIZE(numbers(RealtimeServer.Builder::maxRoomSize)),
  ROOM_EVENTS_UP_TO(numbers(RealtimeServer.Builder::roomEventsUpTo)),
  MAX_CLIENT_EVENT_BYTES(numbers(RealtimeServer.Builder::maxClientEventBytes)),
  CLIENT_EVENT_BYTES_PER_SECOND(numbers(RealtimeServer.Builder::clientEventBytesPerSecond)),
  MESSAGES_PER_SECOND(numbers(RealtimeServer.Builder::messagesPerSecond)),
  MESSAGE_BURST(numbers(RealtimeServer.Builder::messageBurst)),
  MESSAGE_BYTES_PER_SECOND(numbers(RealtimeServer.Builder::messageBytesPerSecond)),
  MESSAGE_BUDGETS_PER_USER(numbers(RealtimeServer.Builder::messageBudgetsPerUser)),
  MAX_MESSAGES_PER_FRAME(numbers(RealtimeServer.Builder::maxMessagesPerFrame)),
  CONTROL_FRAMES_PER_SECOND(numbers(RealtimeServer.Builder::controlFramesPerSecond)),
  RATE_LIMIT_BAN(durations(RealtimeServer.Builder::rateLimitBan)),
  MAX_SOCKETS_PER_USER(numbers(RealtimeServer.Builder::maxSocketsPerUser)),
  MAX_SOCKETS_PER_ADDRESS(numbers(RealtimeServer.Builder::maxSocketsPerAddress)),
  MAX_HALF_OPEN_SOCKETS_PER_ADDRESS(numbers(RealtimeServer.Builder::maxHalfOpenSocketsPerAddress)),
  CONNECTS_PER_SECOND_PER_USER(numbers(RealtimeServer.Builder::connectsPerSecondPerUser)),
  CONNECTS_PER_SECOND_PER_ADDRESS(numbers(RealtimeServer.Builder::connectsPerSecondPerAddress)),
  MAX_SOCKETS(numbers(RealtimeServer.Builder::maxSockets)),
  MAX_ROOMS_PER_SOCKET(numbers(RealtimeServer.Builder::maxRoomsPerSocket)),
  MAX_WATCHED_USERS_PER_SOCKET(numbers(RealtimeServer.Builder::maxWatchedUsersPerSocket)),
  MAX_MESSAGE_BYTES(numbers(RealtimeServer.Builder::maxMessageBytes)),
  OUTGOING_BUDGET_BYTES(numbers(RealtimeServer.Builder::outgoingBudgetBytes)),
  SEND_BUFFER_BYTES(numbers(RealtimeServer.Builder::sendBufferBytes)),
  MAX_HANDSHAKE_BYTES(numbers(RealtimeServer.Builder::maxHandshakeBytes)),
  HANDSHAKE_TIMEOUT(durations(RealtimeServer.Builder::handshakeTimeout)),
  TOKEN_GRACE(durations(RealtimeServer.Builder::tokenGrace)),
  ALLOWED_ORIGINS(sets(RealtimeServer.Builder::allowedOrigins)),
  TRUSTED_PROXIES(sets(RealtimeServer.Builder::trustedProxies)),
  PROXY_PROTOCOL(new Kind<>(Values::proxyProtocol, RealtimeServer.Builder::proxyProtocol)),
  SYNC_INTERVAL(durations(RealtimeServer.Builder::syncInterval)),
  MAX_MISSED(numbers(RealtimeServer.Builder::maxMissed)),
  RELAY_LEASE(durations(RealtimeServer.Builder::relayLease)),
  BULK_PUSHES_PER_SECOND(numbers(RealtimeServer.Builder::bulkPushesPerSecond)),
  DRAIN_TIME(durations(RealtimeServer.Builder::drainTime)),
  IO_THREADS(numbers(RealtimeServer.Builder::ioThreads)),
  AUTHENTICATOR_THREADS(numbers(RealtimeServer.Builder::authenticatorThreads)),
  WORKER_THREADS(numbers(RealtimeServer.Builder::workerThreads));

  private final Kind<?> kind;

  ServerSetting(Kind<?> kind) {
    this.kind = kind;
  }

  /** The name in the environment. */
  String variable() {
    return "REALTIME_" + name();
  }

  /**
   * Whether a value fits, also into what the builder accepts.
   *
   * @throws UnfitSettingException when it does not
   */
  void check(String value) {
    applyTo(RealtimeServer.builder(), value);
  }

  /**
   * Sets it.
   *
   * @throws UnfitSettingException when the value does not fit
   */
  void applyTo(RealtimeServer.Builder builder, String value) {
    try {
      kind.apply(builder, value);
    } catch (UnreadableValueException | IllegalArgumentException e) {
      throw new UnfitSettingException(variable(), "is \"" + value + "\": " + e.getMessage());
    }
  }

  /** How a value is read, and which method of the builder takes it. */
  private record Kind<T>(Function<String, T> read, BiConsumer<RealtimeServer.Builder, T> setter) {
    void apply(RealtimeServer.Builder builder, String value) {
      setter.accept(builder, read.apply(value));
    }
  }

  private static Kind<Duration> durations(BiConsumer<RealtimeServer.Builder, Duration> setter) {
    return new Kind<>(Values::duration, setter);
  }

  private static Kind<Integer> numbers(BiConsumer<RealtimeServer.Builder, Integer> setter) {
    return new Kind<>(Values::number, setter);
  }

  private static Kind<Set<String>> sets(BiConsumer<RealtimeServer.Builder, Set<String>> setter) {
    return new Kind<>(Values::set, setter);
  }
}
