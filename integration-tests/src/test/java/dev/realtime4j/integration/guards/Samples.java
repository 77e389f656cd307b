package dev.realtime4j.integration.guards;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.jdbi.JdbiConnectionLog;
import dev.realtime4j.jdbi.JdbiNotificationRepository;
import dev.realtime4j.jdbi.RealtimeSchema;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.http.HttpServices;
import dev.realtime4j.server.jwt.JwtAuthenticator;
import dev.realtime4j.testkit.FakeRealtimeServer;
import java.lang.reflect.Parameter;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.providers.ConnectionProvider;

/** A value of each type that the public methods take. */
final class Samples implements AutoCloseable {
  private static final UserId USER = new UserId(UUID.randomUUID());

  private final List<AutoCloseable> open = new ArrayList<>();

  Object of(Parameter parameter) {
    return of(parameter.getType());
  }

  Object of(Class<?> type) {
    Object value = value(type);
    if (value instanceof AutoCloseable closeable) {
      open.add(closeable);
    }
    return value;
  }

  private static Object value(Class<?> type) {
    Map<Class<?>, Object> values =
        Map.ofEntries(
            Map.entry(String.class, "x"),
            Map.entry(int.class, 1000),
            Map.entry(long.class, 1L),
            Map.entry(Duration.class, Duration.ofMinutes(1)),
            Map.entry(Period.class, Period.ofMonths(1)),
            Map.entry(URI.class, URI.create("ws://localhost/ws")),
            Map.entry(Path.class, Path.of("x")),
            Map.entry(Clock.class, Clock.systemUTC()),
            Map.entry(InstantSource.class, InstantSource.system()),
            Map.entry(Set.class, Set.of()),
            Map.entry(List.class, List.of()),
            Map.entry(Map.class, Map.of()),
            Map.entry(UUID.class, UUID.randomUUID()),
            Map.entry(InetAddress.class, InetAddress.getLoopbackAddress()),
            Map.entry(Proxy.class, Proxy.NO_PROXY),
            Map.entry(ProxySelector.class, ProxySelector.getDefault()),
            Map.entry(Random.class, new Random(1)),
            Map.entry(Json.class, Json.EMPTY),
            Map.entry(Instant.class, Instant.EPOCH),
            Map.entry(RoomName.class, RoomName.of("x")),
            Map.entry(UserId.class, USER),
            Map.entry(NotificationId.class, new NotificationId(UUID.randomUUID())),
            Map.entry(SyncCursor.class, new SyncCursor("x")),
            Map.entry(RealtimeSchema.class, RealtimeSchema.DEFAULT));
    Object value = values.get(type);
    return value == null ? made(type) : value;
  }

  private static Object made(Class<?> type) {
    return switch (type.getName().replaceAll(".*\\.", "")) {
      case "UnifiedJedis" -> jedis();
      case "Jdbi" -> jdbi();
      case "RealtimeServer" -> server();
      case "HttpServices" -> services(server());
      case "FakeRealtimeServer" -> FakeRealtimeServer.create();
      case "RealtimeServer$Builder" -> RealtimeServer.builder();
      case "RealtimeClient$Builder" -> RealtimeClient.builder();
      case "JwtAuthenticator$Builder" -> JwtAuthenticator.builder();
      case "JdbiNotificationRepository$Builder" -> JdbiNotificationRepository.builder(jdbi());
      case "JdbiConnectionLog$Builder" -> JdbiConnectionLog.builder(jdbi());
      case "NewNotification$Builder" -> NewNotification.to(USER);
      case "PresenceStatus" -> PresenceStatus.ONLINE;
      default -> interfaceOf(type);
    };
  }

  @SuppressWarnings("deprecation") // the one maker that takes no connection of its own
  private static UnifiedJedis jedis() {
    Object provider = interfaceOf(ConnectionProvider.class);
    return new UnifiedJedis((ConnectionProvider) provider, 1, Duration.ofSeconds(1));
  }

  private static Jdbi jdbi() {
    return Jdbi.create((DataSource) interfaceOf(DataSource.class));
  }

  private static RealtimeServer server() {
    return RealtimeServer.builder().port(0).authenticator(token -> Principal.of(USER)).build();
  }

  private static HttpServices services(RealtimeServer server) {
    return new HttpServices(
        server.authenticator(),
        server.notifications(),
        server.presence(),
        server.connectionLog(),
        server,
        server);
  }

  /** One that answers nothing. */
  private static Object interfaceOf(Class<?> type) {
    if (!type.isInterface()) {
      throw new IllegalArgumentException("there is no sample of " + type + ": add one");
    }
    return java.lang.reflect.Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null);
  }

  @Override
  public void close() {
    for (AutoCloseable one : open) {
      try {
        one.close();
      } catch (Exception e) {
        throw new IllegalStateException("a sample does not close", e);
      }
    }
  }
}
