package dev.realtime4j.node;

import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.RealtimeServerBuilder;
import java.time.Duration;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The settings of {@link RealtimeServerBuilder} as variables of the environment: {@code
 * heartbeatInterval} is {@code REALTIME_HEARTBEAT_INTERVAL}. Durations are written {@code 500ms},
 * {@code 25s}, {@code 5m}, {@code 2h}; sets with commas. What is not given stays the builder's.
 */
enum ServerSetting {
  HEARTBEAT_INTERVAL(durations(RealtimeServerBuilder::heartbeatInterval)),
  HEARTBEAT_TIMEOUT(durations(RealtimeServerBuilder::heartbeatTimeout)),
  PRESENCE_BUFFER(durations(RealtimeServerBuilder::presenceBuffer)),
  PRESENCE_GRACE(durations(RealtimeServerBuilder::presenceGrace)),
  MAX_ROOM_SIZE(numbers(RealtimeServerBuilder::maxRoomSize)),
  ROOM_EVENTS_UP_TO(numbers(RealtimeServerBuilder::roomEventsUpTo)),
  MAX_CLIENT_EVENT_BYTES(numbers(RealtimeServerBuilder::maxClientEventBytes)),
  CLIENT_EVENT_BYTES_PER_SECOND(numbers(RealtimeServerBuilder::clientEventBytesPerSecond)),
  MESSAGES_PER_SECOND(numbers(RealtimeServerBuilder::messagesPerSecond)),
  MESSAGE_BURST(numbers(RealtimeServerBuilder::messageBurst)),
  MESSAGE_BYTES_PER_SECOND(numbers(RealtimeServerBuilder::messageBytesPerSecond)),
  MESSAGE_BUDGETS_PER_USER(numbers(RealtimeServerBuilder::messageBudgetsPerUser)),
  MAX_MESSAGES_PER_FRAME(numbers(RealtimeServerBuilder::maxMessagesPerFrame)),
  CONTROL_FRAMES_PER_SECOND(numbers(RealtimeServerBuilder::controlFramesPerSecond)),
  RATE_LIMIT_BAN(durations(RealtimeServerBuilder::rateLimitBan)),
  MAX_SOCKETS_PER_USER(numbers(RealtimeServerBuilder::maxSocketsPerUser)),
  MAX_SOCKETS_PER_ADDRESS(numbers(RealtimeServerBuilder::maxSocketsPerAddress)),
  MAX_HALF_OPEN_SOCKETS_PER_ADDRESS(numbers(RealtimeServerBuilder::maxHalfOpenSocketsPerAddress)),
  CONNECTS_PER_SECOND_PER_USER(numbers(RealtimeServerBuilder::connectsPerSecondPerUser)),
  CONNECTS_PER_SECOND_PER_ADDRESS(numbers(RealtimeServerBuilder::connectsPerSecondPerAddress)),
  MAX_SOCKETS(numbers(RealtimeServerBuilder::maxSockets)),
  MAX_ROOMS_PER_SOCKET(numbers(RealtimeServerBuilder::maxRoomsPerSocket)),
  MAX_WATCHED_USERS_PER_SOCKET(numbers(RealtimeServerBuilder::maxWatchedUsersPerSocket)),
  MAX_MESSAGE_BYTES(numbers(RealtimeServerBuilder::maxMessageBytes)),
  OUTGOING_BUDGET_BYTES(numbers(RealtimeServerBuilder::outgoingBudgetBytes)),
  SEND_BUFFER_BYTES(numbers(RealtimeServerBuilder::sendBufferBytes)),
  MAX_HANDSHAKE_BYTES(numbers(RealtimeServerBuilder::maxHandshakeBytes)),
  HANDSHAKE_TIMEOUT(durations(RealtimeServerBuilder::handshakeTimeout)),
  TOKEN_GRACE(durations(RealtimeServerBuilder::tokenGrace)),
  ALLOWED_ORIGINS(sets(RealtimeServerBuilder::allowedOrigins)),
  TRUSTED_PROXIES(sets(RealtimeServerBuilder::trustedProxies)),
  PROXY_PROTOCOL(new Kind<>(Values::proxyProtocol, RealtimeServerBuilder::proxyProtocol)),
  SYNC_INTERVAL(durations(RealtimeServerBuilder::syncInterval)),
  MAX_MISSED(numbers(RealtimeServerBuilder::maxMissed)),
  RELAY_LEASE(durations(RealtimeServerBuilder::relayLease)),
  BULK_PUSHES_PER_SECOND(numbers(RealtimeServerBuilder::bulkPushesPerSecond)),
  DRAIN_TIME(durations(RealtimeServerBuilder::drainTime)),
  IO_THREADS(numbers(RealtimeServerBuilder::ioThreads)),
  AUTHENTICATOR_THREADS(numbers(RealtimeServerBuilder::authenticatorThreads)),
  WORKER_THREADS(numbers(RealtimeServerBuilder::workerThreads));

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
  void applyTo(RealtimeServerBuilder builder, String value) {
    try {
      kind.apply(builder, value);
    } catch (UnreadableValueException | IllegalArgumentException e) {
      throw new UnfitSettingException(variable(), "is \"" + value + "\": " + e.getMessage());
    }
  }

  /** How a value is read, and which method of the builder takes it. */
  private record Kind<T>(Function<String, T> read, BiConsumer<RealtimeServerBuilder, T> setter) {
    void apply(RealtimeServerBuilder builder, String value) {
      setter.accept(builder, read.apply(value));
    }
  }

  private static Kind<Duration> durations(BiConsumer<RealtimeServerBuilder, Duration> setter) {
    return new Kind<>(Values::duration, setter);
  }

  private static Kind<Integer> numbers(BiConsumer<RealtimeServerBuilder, Integer> setter) {
    return new Kind<>(Values::number, setter);
  }

  private static Kind<Set<String>> sets(BiConsumer<RealtimeServerBuilder, Set<String>> setter) {
    return new Kind<>(Values::set, setter);
  }
}
