package dev.realtime4j.server.redis;

import java.lang.reflect.InvocationTargetException;
import java.util.Set;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.UnifiedJedis;

/**
 * The client that an application makes with the version of Jedis that it has: its name is another
 * one since Jedis 7.2, and the old one is gone in 8.
 */
final class ApplicationClient {
  private ApplicationClient() {}

  static UnifiedJedis pooled(HostAndPort address) {
    try {
      Class<?> client = newest("RedisClient", "JedisPooled");
      return client.getSimpleName().equals("JedisPooled")
          ? (UnifiedJedis) client.getConstructor(HostAndPort.class).newInstance(address)
          : (UnifiedJedis)
              client
                  .getMethod("create", String.class, int.class)
                  .invoke(null, address.getHost(), address.getPort());
    } catch (ReflectiveOperationException e) {
      throw failed(e);
    }
  }

  static UnifiedJedis clustered(Set<HostAndPort> addresses) {
    try {
      Class<?> client = newest("RedisClusterClient", "JedisCluster");
      return client.getSimpleName().equals("JedisCluster")
          ? (UnifiedJedis) client.getConstructor(Set.class).newInstance(addresses)
          : (UnifiedJedis) client.getMethod("create", Set.class).invoke(null, addresses);
    } catch (ReflectiveOperationException e) {
      throw failed(e);
    }
  }

  private static Class<?> newest(String since72, String before) throws ClassNotFoundException {
    try {
      return Class.forName("redis.clients.jedis." + since72);
    } catch (ClassNotFoundException older) {
      return Class.forName("redis.clients.jedis." + before);
    }
  }

  private static IllegalStateException failed(ReflectiveOperationException e) {
    Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
    return new IllegalStateException("this version of Jedis makes no such client", cause);
  }
}
