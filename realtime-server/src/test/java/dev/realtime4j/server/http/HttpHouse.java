package dev.realtime4j.server.http;

import com.sun.net.httpserver.HttpServer;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.Registration;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Authenticator;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.presence.Presences;
import dev.realtime4j.server.HealthReport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The API on a real JDK server, over services that live in memory, and a client for it. */
final class HttpHouse implements AutoCloseable {
  static final UserId ANNA = UserId.of("11111111-1111-4111-8111-111111111111");
  static final UserId BERT = UserId.of("22222222-2222-4222-8222-222222222222");

  final NotificationsInMemory notifications = new NotificationsInMemory();
  final List<String> broadcasts = new ArrayList<>();
  final List<ConnectionLogEntry> connections = new ArrayList<>();
  HealthReport health = HealthReport.serving(Map.of());
  Instant now = Instant.parse("2026-03-01T12:00:00Z");
  Authenticator authenticator = HttpHouse::tokenNamesTheUser;

  private final HttpServer server;
  private final ExecutorService executor = Executors.newFixedThreadPool(4);
  private final Registration mounted;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  HttpHouse() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException("no port", e);
    }
    server.setExecutor(executor);
    mounted = http().mount(server);
    server.start();
  }

  RealtimeHttp http() {
    InstantSource clock = () -> now;
    return RealtimeHttp.of(
        new HttpServices(
            handshake -> authenticator.authenticate(handshake),
            notifications,
            new OnePresence(),
            new ListedConnections(),
            (channel, event, data) -> {
              broadcasts.add(channel + " " + event + " " + data);
              return 3;
            },
            () -> health),
        clock);
  }

  /** {@code <user>} is a user, {@code <user>+admin} one who may send. */
  private static Principal tokenNamesTheUser(Handshake handshake) {
    String token =
        handshake
            .token()
            .orElseThrow(() -> new RealtimeException(ErrorCode.UNAUTHORIZED, "no token"));
    String[] parts = token.split("\\+");
    Set<String> scopes = parts.length > 1 ? Set.of(Principal.ADMIN_SCOPE) : Set.of();
    return new Principal(UserId.of(parts[0]), scopes, null);
  }

  void unmount() {
    mounted.close();
  }

  static String admin(UserId user) {
    return user + "+admin";
  }

  HttpResponse<String> get(@Nullable String token, String path) {
    return call("GET", token, path, null);
  }

  HttpResponse<String> call(
      String method,
      @Nullable String token,
      String path,
      @Nullable String body,
      String... headers) {
    return raw(method, token, RealtimeHttp.BASE_PATH + path, body, headers);
  }

  HttpResponse<String> raw(
      String method,
      @Nullable String token,
      String path,
      @Nullable String body,
      String... headers) {
    java.net.http.HttpRequest.Builder request =
        java.net.http.HttpRequest.newBuilder(uri(path))
            .timeout(Duration.ofSeconds(20))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  URI uri(String path) {
    return URI.create("http://localhost:" + server.getAddress().getPort() + path);
  }

  static Map<String, Json> fields(HttpResponse<String> response) {
    return Json.parse(response.body()).fields();
  }

  static Json field(HttpResponse<String> response, String name) {
    return field(Json.parse(response.body()), name);
  }

  static Json field(Json object, String name) {
    return Objects.requireNonNull(object.fields().get(name), name);
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private static final class OnePresence implements Presences {
    @Override
    public Presence get(UserId user) {
      return user.equals(ANNA)
          ? new Presence(ANNA, PresenceStatus.BUSY, Instant.parse("2026-03-01T11:59:58.5Z"))
          : Presence.offline(user, null);
    }

    @Override
    public Map<UserId, Presence> get(Collection<UserId> users) {
      Map<UserId, Presence> presences = new LinkedHashMap<>();
      users.forEach(user -> presences.put(user, get(user)));
      return presences;
    }

    @Override
    public Presence set(UserId user, PresenceStatus status) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void recheck(UserId viewer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Registration watch(Collection<UserId> users, Consumer<Presence> listener) {
      throw new UnsupportedOperationException();
    }
  }

  private final class ListedConnections implements ConnectionLog {
    @Override
    public void write(List<ConnectionLogEntry> entries) {
      connections.addAll(entries);
    }

    @Override
    public int closeServer(ServerId dead, Instant lastSeen) {
      return 0;
    }

    @Override
    public Page<ConnectionLogEntry> connections(UserId user, PageRequest page) {
      int from = page.cursor() == null ? 0 : Integer.parseInt(page.cursor());
      int to = Math.min(connections.size(), from + page.limit());
      return new Page<>(
          connections.subList(from, to), to < connections.size() ? String.valueOf(to) : null);
    }

    @Override
    public Page<ConnectionLogEntry> openAt(Instant at, PageRequest page) {
      return new Page<>(List.of(), null);
    }

    @Override
    public Map<UserId, Instant> lastSeen(Collection<UserId> users) {
      return Map.of();
    }

    @Override
    public int erase(UserId user) {
      return 0;
    }

    @Override
    public void maintain() {}
  }
}
