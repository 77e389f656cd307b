package dev.realtime4j.server.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.providers.ConnectionProvider;
import redis.clients.jedis.providers.PooledConnectionProvider;

/**
 * A client that counts its round trips: a connection is borrowed once for each command by itself,
 * and once for each pipeline.
 */
final class CountedRedis implements AutoCloseable {
  private final Counting provider;
  private final UnifiedJedis client;

  CountedRedis(TestRedis server) {
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxWait(Duration.ofSeconds(10));
    provider =
        new Counting(new PooledConnectionProvider(server.address(), TestRedis.config(), pool));
    client = new Client(provider);
  }

  UnifiedJedis client() {
    return client;
  }

  /** How many since this was asked last. */
  long roundTrips() {
    return provider.borrowed.getAndSet(0);
  }

  @Override
  public void close() {
    client.close();
  }

  private static final class Client extends UnifiedJedis {
    Client(ConnectionProvider provider) {
      super(provider, RedisProtocol.RESP2);
    }
  }

  private static final class Counting implements ConnectionProvider {
    private final ConnectionProvider provider;
    private final AtomicLong borrowed = new AtomicLong();

    Counting(ConnectionProvider provider) {
      this.provider = provider;
    }

    @Override
    public Connection getConnection() {
      borrowed.incrementAndGet();
      return provider.getConnection();
    }

    @Override
    public Connection getConnection(CommandArguments arguments) {
      borrowed.incrementAndGet();
      return provider.getConnection(arguments);
    }

    @Override
    public void close() {
      try {
        provider.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
