package dev.realtime4j.server.redis;

import dev.realtime4j.api.InvalidValueException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisProtocol;

/**
 * What {@code redis://user:password@host:6379/0} says. Errors never quote it: it holds a password.
 *
 * <p>Its authority is read here and not by {@link URI}, which finds no host in one with an
 * underscore: Compose and Swarm name them so.
 *
 * @param user null for Redis's default user
 * @param password null when none is needed
 */
record RedisUrl(
    boolean tls,
    HostAndPort address,
    @Nullable String user,
    @Nullable String password,
    int database) {
  private static final int PORT = 6379;
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?:\\[([0-9A-Fa-f:.]+(?:%[\\w.-]+)?)]|([\\p{L}\\p{N}._-]+))(?::(\\d{0,5}))?");
  private static final String ESCAPE =
      "; in a user or password write @ : / ? # [ ] and % as %40 %3A %2F %3F %23 %5B %5D and %25";

  /**
   * @throws InvalidValueException when it is no such URL
   */
  static RedisUrl of(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    String authority = url.getRawAuthority();
    if (!scheme.equals("redis") && !scheme.equals("rediss") || authority == null) {
      throw refused("must look like redis://host:6379 or rediss://host:6379");
    }
    if (url.getRawQuery() != null || url.getRawFragment() != null) {
      throw refused("has no part after ? or #" + ESCAPE);
    }
    int at = authority.lastIndexOf('@');
    HostAndPort address = address(authority.substring(at + 1));
    boolean tls = scheme.equals("rediss");
    if (tls && address.getHost().indexOf('_') >= 0) {
      throw refused(
          "with rediss:// needs a host name without an underscore: Java checks no certificate for"
              + " such a name");
    }
    String user = null;
    String password = null;
    if (at > 0) {
      String[] parts = authority.substring(0, at).split(":", 2);
      if (parts.length < 2 || parts[1].isEmpty()) {
        throw refused(
            "with a user needs a password too: redis://user:password@host, or"
                + " redis://:password@host for the default user");
      }
      user = parts[0].isEmpty() ? null : unescaped(parts[0]);
      password = unescaped(parts[1]);
    }
    return new RedisUrl(tls, address, user, password, database(url));
  }

  /** How to connect to it. */
  JedisClientConfig config(int timeoutMillis) {
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder()
            .protocol(RedisProtocol.RESP2)
            .connectionTimeoutMillis(timeoutMillis)
            .socketTimeoutMillis(timeoutMillis)
            .user(user)
            .password(password)
            .database(database);
    if (tls) {
      // Jedis before 8 does not ask for whom a certificate is, unless it is told to.
      SSLParameters parameters = new SSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      config.ssl(true).sslSocketFactory(trust().getSocketFactory()).sslParameters(parameters);
    }
    return config.build();
  }

  /** It is printed here and there. */
  @Override
  public String toString() {
    return (tls ? "rediss://" : "redis://") + address + "/" + database;
  }

  private static HostAndPort address(String text) {
    Matcher parts = ADDRESS.matcher(text);
    if (!parts.matches()) {
      throw refused("must name a host, and may name a port: redis://host:6379" + ESCAPE);
    }
    String host = parts.group(1) == null ? parts.group(2) : parts.group(1);
    String port = parts.group(3);
    int number = port == null || port.isEmpty() ? PORT : Integer.parseInt(port);
    if (number < 1 || number > 65_535) {
      throw refused("must have a port from 1 to 65535");
    }
    return new HostAndPort(host, number);
  }

  private static int database(URI url) {
    String path = url.getRawPath();
    if (path == null || path.isEmpty() || path.equals("/")) {
      return 0;
    }
    if (!path.matches("/\\d{1,5}")) {
      throw refused("may name a database by its number behind the host: redis://host:6379/2");
    }
    return Integer.parseInt(path.substring(1));
  }

  private static String unescaped(String text) {
    // A decoder of forms: it would take a plus sign for a space.
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static SSLContext trust() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the default SSLContext of this process cannot be made", e);
    }
  }

  private static InvalidValueException refused(String what) {
    return new InvalidValueException("a Redis URL " + what);
  }
}
