package dev.realtime4j.server.redis;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisProtocol;

/**
 * The application's way to connect, with the time-outs and the protocol of a bus. A proxy, because
 * each version of Jedis asks for more than the one before: TLS options, token managers, mappers. A
 * copy would leave out what this code was compiled without.
 */
final class BusConfig implements InvocationHandler {
  /** Opening is given up after this, so that a bus can be closed while it tries. */
  private static final int CONNECT_MS = 1_000;

  private static final int ANSWER_MS = 2_000;

  private final JedisClientConfig application;

  private BusConfig(JedisClientConfig application) {
    this.application = application;
  }

  static JedisClientConfig of(JedisClientConfig application) {
    return (JedisClientConfig)
        Proxy.newProxyInstance(
            JedisClientConfig.class.getClassLoader(),
            new Class<?>[] {JedisClientConfig.class},
            new BusConfig(application));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    return switch (method.getName()) {
      case "getConnectionTimeoutMillis" -> CONNECT_MS;
      case "getSocketTimeoutMillis" -> ANSWER_MS;
      // With RESP3 a subscription shares its stream with answers and invalidations.
      case "getRedisProtocol" -> RedisProtocol.RESP2;
      case "isAutoNegotiateProtocol" -> false;
      default -> ask(method, arguments);
    };
  }

  private @Nullable Object ask(Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(application, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}
