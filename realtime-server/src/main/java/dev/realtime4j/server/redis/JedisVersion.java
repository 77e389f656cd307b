package dev.realtime4j.server.redis;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.internal.Library;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.JedisClientConfig;

/**
 * Which Jedis there is. The application decides that, often without knowing: a framework manages a
 * version of its own. Checked before any class is loaded that an older one cannot link.
 */
final class JedisVersion {
  private static final Library JEDIS =
      Library.ofModule(
          "Jedis",
          "redis.clients.jedis.JedisClientConfig",
          "redis.clients:jedis",
          "redis.clients.jedis");

  /** Where Jedis 4 and newer say who they are. */
  private static final String SELF = "pom.properties";

  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

  private JedisVersion() {}

  /**
   * @throws RealtimeException {@code INTERNAL} when there is none, or one that is too old
   */
  static void check() {
    JEDIS.requireFor("RedisBackend", JedisVersion.class);
    String version = read();
    if (version == null ? !hasPipelines() : isTooOld(version)) {
      throw new RealtimeException(
          ErrorCode.INTERNAL,
          "RedisBackend needs Jedis 5.2 or newer (tested up to 8.0) and found "
              + (version == null ? "an older one" : version)
              + ": have your build take a newer redis.clients:jedis (with Spring Boot set the"
              + " property jedis.version)",
          null);
    }
  }

  static boolean isTooOld(String version) {
    Matcher parts = VERSION.matcher(version);
    if (!parts.matches()) {
      return !hasPipelines();
    }
    int major = Integer.parseInt(parts.group(1));
    return major < 5 || major == 5 && Integer.parseInt(parts.group(2)) < 2;
  }

  /** For one that does not say its version: Jedis 3 and older, or one packed into another jar. */
  private static boolean hasPipelines() {
    try {
      Class.forName(
          "redis.clients.jedis.AbstractPipeline", false, JedisVersion.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  private static @Nullable String read() {
    try (InputStream in = JedisClientConfig.class.getResourceAsStream(SELF)) {
      if (in == null) {
        return null;
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      return null;
    }
  }
}
