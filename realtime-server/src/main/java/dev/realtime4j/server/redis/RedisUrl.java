package dev.realtime4j.server.redis;

import dev.realtime4j.api.RealtimeException;
import java.net.URI;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.util.JedisURIHelper;

/** Reads {@code redis://user:password@host:6379/0}. Errors never quote it: it holds a password. */
final class RedisUrl {
  private RedisUrl() {}

  static HostAndPort address(URI url) {
    boolean redis =
        url.getScheme() != null
            && (JedisURIHelper.isRedisScheme(url) || JedisURIHelper.isRedisSSLScheme(url));
    if (!redis || url.getHost() == null) {
      throw RealtimeException.badRequest(
          "a Redis URL must look like redis://host:6379 or rediss://host:6379");
    }
    return new HostAndPort(url.getHost(), url.getPort() < 0 ? 6379 : url.getPort());
  }

  static JedisClientConfig config(URI url, int timeoutMillis) {
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder()
            .resp2()
            .connectionTimeoutMillis(timeoutMillis)
            .socketTimeoutMillis(timeoutMillis);
    if (JedisURIHelper.isRedisSSLScheme(url)) {
      config.sslOptions(SslOptions.defaults());
    }
    if (url.getUserInfo() != null) {
      config.user(JedisURIHelper.getUser(url)).password(JedisURIHelper.getPassword(url));
    }
    if (JedisURIHelper.hasDbIndex(url)) {
      config.database(JedisURIHelper.getDBIndex(url));
    }
    return config.build();
  }
}
