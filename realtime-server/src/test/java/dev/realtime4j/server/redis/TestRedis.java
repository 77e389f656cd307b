package dev.realtime4j.server.redis;

import dev.realtime4j.fixtures.Redis;
import java.net.URI;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.UnifiedJedis;

/** A Redis server of its own, with clients for looking at what is stored. */
public final class TestRedis implements AutoCloseable {
  private static final TestRedis SHARED = start();

  private final Redis server;

  private TestRedis(Redis server) {
    this.server = server;
  }

  /** One for all tests of this run that do not disturb it. */
  public static TestRedis shared() {
    return SHARED;
  }

  public static TestRedis start() {
    return new TestRedis(Redis.start());
  }

  /** A master of a Redis Cluster that is yet to be joined. */
  public static TestRedis startClustered() {
    return new TestRedis(Redis.startClustered());
  }

  /** The program {@code redis-server} of this machine. */
  public static TestRedis startInstalled() {
    return new TestRedis(Redis.startInstalled());
  }

  public static JedisClientConfig config() {
    return DefaultJedisClientConfig.builder().build();
  }

  public URI url() {
    return server.url();
  }

  public HostAndPort address() {
    return new HostAndPort("127.0.0.1", server.port());
  }

  /** A client for looking at what is stored; the caller closes it. */
  public UnifiedJedis client() {
    return new OwnClient(address(), config(), System::nanoTime);
  }

  /** The process that serves. */
  long pid() {
    try (Jedis client = new Jedis(address())) {
      return client
          .info("server")
          .lines()
          .filter(line -> line.startsWith("process_id:"))
          .mapToLong(line -> Long.parseLong(line.substring(11).trim()))
          .findFirst()
          .orElseThrow();
    }
  }

  public void stop() {
    server.stop();
  }

  /** Starts it again, empty, on the same port. */
  public void startAgain() {
    server.startAgain();
  }

  @Override
  public void close() {
    server.close();
  }
}
