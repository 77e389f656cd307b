package dev.realtime4j.examples.node;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.room.RoomPolicy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the environment says.
 *
 * @param wsPort {@code REALTIME_WS_PORT}, 8080; 0 for any free one
 * @param httpPort {@code REALTIME_HTTP_PORT}, 8081; 0 for any free one
 * @param metricsPort {@code REALTIME_METRICS_PORT}: where Prometheus finds the figures; 0 for any
 *     free one, null for nowhere
 * @param serverId {@code REALTIME_SERVER_ID}, a random one
 * @param jwtSecret {@code REALTIME_JWT_SECRET}, required: HS256, at least 32 bytes
 * @param redis {@code REALTIME_REDIS_URL}; null for a node that shares nothing
 * @param database {@code REALTIME_JDBC_URL} and its companions; null for one that forgets
 * @param roomPolicy {@code REALTIME_ROOM_PUBLISH}, false: whether room members may publish
 * @param server every setting of the server's builder that was given, under its own name
 */
record NodeSettings(
    int wsPort,
    int httpPort,
    @Nullable Integer metricsPort,
    ServerId serverId,
    String jwtSecret,
    @Nullable URI redis,
    @Nullable Database database,
    RoomPolicy roomPolicy,
    Map<ServerSetting, String> server) {
  private static final String PREFIX = "REALTIME_";

  /**
   * Where notifications and the connection log are.
   *
   * @param url {@code REALTIME_JDBC_URL}
   * @param user {@code REALTIME_JDBC_USER}; null for the driver's default
   * @param password {@code REALTIME_JDBC_PASSWORD}; null for none
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
   *     with {@code REALTIME_} and is none of these
   */
  static NodeSettings read(Map<String, String> environment) {
    Variables variables = new Variables(environment);
    int wsPort = variables.port("REALTIME_WS_PORT", 8080);
    int httpPort = variables.port("REALTIME_HTTP_PORT", 8081);
    NodeSettings settings =
        new NodeSettings(
            wsPort,
            httpPort,
            variables.optionalPort("REALTIME_METRICS_PORT"),
            serverId(variables),
            secret(variables),
            redis(variables),
            database(variables),
            variables.flag("REALTIME_ROOM_PUBLISH") ? RoomPolicy.open() : RoomPolicy.listenOnly(),
            server(variables));
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
    } catch (RealtimeException e) {
      throw new UnfitSettingException(
          "REALTIME_SERVER_ID", "is no server id: use 1 to 64 characters of A-Z a-z 0-9 _ . -");
    }
  }

  private static String secret(Variables variables) {
    String secret = variables.take("REALTIME_JWT_SECRET");
    String remedy = "set it to the HS256 secret of your tokens, at least 32 bytes";
    if (secret == null) {
      throw new UnfitSettingException("REALTIME_JWT_SECRET", "is missing: " + remedy);
    }
    int bytes = secret.getBytes(StandardCharsets.UTF_8).length;
    if (bytes < 32) {
      throw new UnfitSettingException(
          "REALTIME_JWT_SECRET", "has only " + bytes + " bytes: " + remedy);
    }
    return secret;
  }

  private static @Nullable URI redis(Variables variables) {
    String url = variables.take("REALTIME_REDIS_URL");
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
    String password = variables.take("REALTIME_JDBC_PASSWORD");
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
    return given;
  }

  @Override
  public String toString() {
    return "NodeSettings[" + serverId + "]"; // what else there is may be secret
  }

  /** The variables, each taken once, so that the rest is what nobody knows. */
  private static final class Variables {
    private final Map<String, String> left = new TreeMap<>();
    private final TreeSet<String> known = new TreeSet<>();

    Variables(Map<String, String> environment) {
      environment.forEach(
          (name, value) -> {
            if (name.startsWith(PREFIX)) {
              left.put(name, value);
            }
          });
    }

    /** The value of a variable; null when it is not set, or empty. */
    @Nullable String take(String name) {
      known.add(name);
      String value = left.remove(name);
      return value == null || value.isBlank() ? null : value.strip();
    }

    int port(String name, int normal) {
      Integer given = optionalPort(name);
      return given == null ? normal : given;
    }

    @Nullable Integer optionalPort(String name) {
      String value = take(name);
      if (value == null) {
        return null;
      }
      if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65535) {
        throw new UnfitSettingException(
            name, "is \"" + value + "\": use a port from 1 to 65535, or 0 for any free one");
      }
      return Integer.parseInt(value);
    }

    boolean flag(String name) {
      String value = take(name);
      if (value == null || value.equals("false")) {
        return false;
      }
      if (!value.equals("true")) {
        throw new UnfitSettingException(name, "is \"" + value + "\": use true or false");
      }
      return true;
    }

    void refuseUnknown() {
      if (!left.isEmpty()) {
        String name = left.keySet().iterator().next();
        throw new UnfitSettingException(
            name,
            "is no setting of this node: remove it, or use one of " + String.join(" ", known));
      }
    }
  }
}
