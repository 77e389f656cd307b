package dev.realtime4j.node;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.jdbi.JdbiConnectionLog;
import dev.realtime4j.jdbi.JdbiNotificationRepository;
import dev.realtime4j.jdbi.RealtimeSchema;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.http.RealtimeHttp;
import dev.realtime4j.server.redis.RedisBackend;
import dev.realtime4j.server.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * A node at work: server, HTTP API, and the connections to what it shares.
 *
 * <p>Lifecycle: {@link #close} drains while health and figures are still answered, then closes the
 * ports and what the server stood on.
 */
final class RunningNode implements AutoCloseable {
  private final Closing closing;
  private final RealtimeServer server;
  private final HttpPort http;

  private RunningNode(Closing closing, RealtimeServer server, HttpPort http) {
    this.closing = closing;
    this.server = server;
    this.http = http;
  }

  /**
   * Starts all of it.
   *
   * @throws StartFailedException when something is not there; what was started is closed again
   */
  static RunningNode start(NodeSettings settings) {
    Closing closing = new Closing();
    try {
      RealtimeServer server = server(settings, closing);
      try {
        Integer metricsPort = settings.metricsPort();
        if (metricsPort != null) {
          closing.later(metrics(settings.addresses().metrics(), metricsPort, server));
        }
        return new RunningNode(closing, server, http(settings, server, closing));
      } finally {
        closing.later(server); // closed before the ports that tell of its drain
      }
    } catch (StartFailedException e) {
      closing.close();
      throw e;
    }
  }

  private static RealtimeServer server(NodeSettings settings, Closing closing) {
    RealtimeServer.Builder builder =
        RealtimeServer.builder()
            .port(settings.wsPort())
            .serverId(settings.serverId())
            .authenticator(settings.tokens())
            .roomPolicy(settings.roomPolicy())
            .handler("echo", call -> call.params());
    InetAddress address = settings.addresses().ws();
    if (address != null) {
      builder.bindAddress(address);
    }
    settings.server().forEach((setting, value) -> setting.applyTo(builder, value));
    ServerTls tls = settings.tls();
    if (tls != null) {
      builder.tls(tls);
    }
    URI redis = settings.redis();
    if (redis != null) {
      builder.cluster(closing.later(cluster(redis)));
    }
    NodeSettings.Database database = settings.database();
    if (database != null) {
      HikariDataSource pool = closing.later(NodeDatabase.open(database));
      RealtimeSchema schema = NodeDatabase.migrated(database, pool);
      Jdbi jdbi = Jdbi.create(pool);
      builder.notifications(JdbiNotificationRepository.create(jdbi, schema));
      builder.connectionLog(JdbiConnectionLog.create(jdbi, schema));
    }
    try {
      return builder.build().start();
    } catch (RuntimeException e) {
      boolean twice = e instanceof RealtimeException it && it.code() == ErrorCode.BAD_REQUEST;
      throw new StartFailedException(
          "the server does not start ("
              + (twice ? "REALTIME_SERVER_ID" : place("WS", address))
              + ")",
          e);
    }
  }

  private static RedisBackend cluster(URI redis) {
    try {
      return RedisBackend.connect(redis);
    } catch (RuntimeException e) {
      throw new StartFailedException("Redis cannot be used (REALTIME_REDIS_URL)", e);
    }
  }

  private static MetricsPage metrics(
      @Nullable InetAddress address, int port, RealtimeServer server) {
    try {
      return MetricsPage.open(address, port, server);
    } catch (IOException e) {
      throw unopened("METRICS", address, port, e);
    }
  }

  private static StartFailedException unopened(
      String which, @Nullable InetAddress address, int port, IOException why) {
    String of = address == null ? "" : " of " + address.getHostAddress();
    return new StartFailedException(
        "port " + port + of + " cannot be opened (" + place(which, address) + ")", why);
  }

  /** The variables that say where a port is. */
  private static String place(String which, @Nullable InetAddress address) {
    String port = "REALTIME_" + which + "_PORT";
    return address == null ? port : port + ", REALTIME_" + which + "_ADDRESS";
  }

  private static HttpPort http(NodeSettings settings, RealtimeServer server, Closing closing) {
    ApiHandler api = closing.later(new ApiHandler(RealtimeHttp.of(server)));
    HttpPort.Options options =
        new HttpPort.Options(
            settings.addresses().http(),
            settings.httpPort(),
            "realtime-http",
            settings.tls(), // where the sockets have it: the same tokens go over both
            Values.set(settings.server().getOrDefault(ServerSetting.TRUSTED_PROXIES, "")),
            Values.proxyProtocol(
                settings.server().getOrDefault(ServerSetting.PROXY_PROTOCOL, "off")));
    try {
      return closing.later(HttpPort.open(options, api));
    } catch (IOException e) {
      throw unopened("HTTP", options.address(), options.number(), e);
    }
  }

  /** Where WebSockets are accepted. */
  int wsPort() {
    return server.port();
  }

  /** Where the HTTP API is. */
  int httpPort() {
    return http.number();
  }

  /** Sends the clients elsewhere within the drain time, then stops. Idempotent. */
  @Override
  public void close() {
    closing.close();
  }
}
