package dev.realtime4j.node;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.room.RoomPolicy;
import dev.realtime4j.server.jwt.JwtAuthenticator;
import dev.realtime4j.server.tls.ServerTls;
import java.net.InetAddress;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the environment says.
 *
 * @param wsPort {@code REALTIME_WS_PORT}, 8080; 0 for any free one
 * @param httpPort {@code REALTIME_HTTP_PORT}, 8081; 0 for any free one
 * @param metricsPort {@code REALTIME_METRICS_PORT}: where Prometheus finds the figures; 0 for any
 *     free one, null for nowhere
 * @param addresses at which of the machine's addresses each of them is
 * @param serverId {@code REALTIME_SERVER_ID}, a random one
 * @param tokens how tokens are checked, required: {@link TokenSettings}
 * @param tls the certificate: {@link TlsSettings}; null for plain sockets
 * @param redis {@code REALTIME_REDIS_URL} or {@code …_FILE}; null for a node that shares nothing
 * @param database {@code REALTIME_JDBC_URL} and its companions; null for one that forgets
 * @param roomPolicy {@code REALTIME_ROOM_PUBLISH}, false: whether room members may publish
 * @param server every setting of the server's builder that was given, under its own name
 * @param notice what to tell about variables that were ignored; null for nothing
 */
record NodeSettings(
    int wsPort,
    int httpPort,
    @Nullable Integer metricsPort,
    Addresses addresses,
    ServerId serverId,
    JwtAuthenticator tokens,
    @Nullable ServerTls tls,
    @Nullable URI redis,
    @Nullable Database database,
    RoomPolicy roomPolicy,
    Map<ServerSetting, String> server,
    @Nullable String notice) {
  /**
   * At which address of this machine each port is; null for every address.
   *
   * @param ws {@code REALTIME_WS_ADDRESS}
   * @param http {@code REALTIME_HTTP_ADDRESS}
   * @param metrics {@code REALTIME_METRICS_ADDRESS}
   */
  record Addresses(
      @Nullable InetAddress ws, @Nullable InetAddress http, @Nullable InetAddress metrics) {
    static Addresses read(Variables variables) {
      return new Addresses(
          variables.address("REALTIME_WS_ADDRESS"),
          variables.address("REALTIME_HTTP_ADDRESS"),
          variables.address("REALTIME_METRICS_ADDRESS"));
    }
  }

  /**
   * Where notifications and the connection log are.
   *
   * @param url {@code REALTIME_JDBC_URL}
   * @param user {@code REALTIME_JDBC_USER}; null for the driver's default
   * @param password {@code REALTIME_JDBC_PASSWORD} or {@code …_FILE}; null for none
   * @param schema {@code REALTIME_SCHEMA}, realtime
   */
  record Database(String url, @Nullable String user, @Nullable String password, String schema) {
    @Override
    public String toString() {
      return "Database[" + schema + "]";
    }
  }

  /**
   * Reads the environment.
   *
   * @throws UnfitSettingException for the first variable that does not fit, and for one that begins
   *     with {@code REALTIME_} and is none of these, nor of the platform's ({@link
   *     PlatformVariables})
   */
  static NodeSettings read(Map<String, String> environment) {
    Variables variables = new Variables(environment);
    int wsPort = variables.port("REALTIME_WS_PORT", 8080);
    int httpPort = variables.port("REALTIME_HTTP_PORT", 8081);
    Integer metricsPort = variables.optionalPort("REALTIME_METRICS_PORT");
    NodeSettings settings =
        new NodeSettings(
            wsPort,
            httpPort,
            metricsPort,
            Addresses.read(variables),
            serverId(variables),
            TokenSettings.read(variables),
            TlsSettings.read(variables),
            redis(variables),
            database(variables),
            variables.flag("REALTIME_ROOM_PUBLISH") ? RoomPolicy.open() : RoomPolicy.listenOnly(),
            server(variables),
            variables.notice(
                Map.of(
                    "REALTIME_WS_PORT", "WebSockets are on port " + wsPort,
                    "REALTIME_HTTP_PORT", "the HTTP API is on port " + httpPort,
                    "REALTIME_METRICS_PORT", "there is no port for figures")));
    variables.refuseUnknown();
    return settings;
  }

  private static ServerId serverId(Variables variables) {
    String id = variables.take("REALTIME_SERVER_ID");
    if (id == null) {
      return new ServerId("node-" + UUID.randomUUID().toString().substring(0, 8));
    }
    try {
      return new ServerId(id);
    } catch (IllegalArgumentException e) {
      throw new UnfitSettingException(
          "REALTIME_SERVER_ID", "is no server id: use 1 to 64 characters of A-Z a-z 0-9 _ . -");
    }
  }

  private static @Nullable URI redis(Variables variables) {
    String url = variables.secret("REALTIME_REDIS_URL");
    if (url == null) {
      return null;
    }
    if (url.matches("rediss?://[^\\s/]+(/\\d*)?")) {
      try {
        return URI.create(url);
      } catch (IllegalArgumentException e) {
        // Told below, without the value: it may hold a password.
      }
    }
    throw new UnfitSettingException(
        "REALTIME_REDIS_URL",
        "is no Redis URL: use redis://[user:password@]host:port[/database], or rediss://");
  }

  private static @Nullable Database database(Variables variables) {
    String url = variables.take("REALTIME_JDBC_URL");
    String user = variables.take("REALTIME_JDBC_USER");
    String password = variables.secret("REALTIME_JDBC_PASSWORD");
    String schema = variables.take("REALTIME_SCHEMA");
    if (url == null) {
      return null;
    }
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new UnfitSettingException(
          "REALTIME_JDBC_URL",
          "is no PostgreSQL URL: use jdbc:postgresql://host:port/database, user and password in"
              + " REALTIME_JDBC_USER and REALTIME_JDBC_PASSWORD");
    }
    if (schema != null && !schema.matches("[a-z_][a-z0-9_]{0,62}")) {
      throw new UnfitSettingException(
          "REALTIME_SCHEMA", "is no schema name: use up to 63 characters of a-z 0-9 _");
    }
    return new Database(url, user, password, schema == null ? "realtime" : schema);
  }

  private static Map<ServerSetting, String> server(Variables variables) {
    Map<ServerSetting, String> given = new EnumMap<>(ServerSetting.class);
    for (ServerSetting setting : ServerSetting.values()) {
      String value = variables.take(setting.variable());
      if (value != null) {
        setting.check(value);
        given.put(setting, value);
      }
    }
    boolean headers = "required".equals(given.get(ServerSetting.PROXY_PROTOCOL));
    if (headers && !given.containsKey(ServerSetting.TRUSTED_PROXIES)) {
      throw new UnfitSettingException(
          "REALTIME_PROXY_PROTOCOL",
          "is \"required\": give the addresses that the proxies connect from in"
              + " REALTIME_TRUSTED_PROXIES");
    }
    return given;
  }

  @Override
  public String toString() {
    return "NodeSettings[" + serverId + "]"; // what else there is may be secret
  }
}
