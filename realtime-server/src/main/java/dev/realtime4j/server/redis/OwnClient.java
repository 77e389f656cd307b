package dev.realtime4j.server.redis;

import java.net.URI;
import java.time.Duration;
import java.util.function.LongSupplier;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.UnifiedJedis;

/**
 * The client that is made from a URL. Jedis has one like it, under another name in each version:
 * {@code JedisPooled}, then {@code RedisClient}.
 */
final class OwnClient extends UnifiedJedis {
  private static final int TIMEOUT_MS = 2_000;
  private static final int CONNECTIONS = 16;
  private static final Duration MAX_IDLE = Duration.ofMinutes(1);

  private final CommandConnections connections;

  OwnClient(HostAndPort address, JedisClientConfig config, LongSupplier nanoTime) {
    this(
        new CommandConnections(
            new DefaultJedisSocketFactory(address, config),
            config,
            CONNECTIONS,
            Duration.ofMillis(TIMEOUT_MS),
            MAX_IDLE,
            nanoTime));
  }

  private OwnClient(CommandConnections connections) {
    super(connections, RedisProtocol.RESP2);
    this.connections = connections;
  }

  /** Everything on the one server of a URL. */
  static RedisBackend cluster(URI url, BusSettings busSettings) {
    RedisUrl redis = RedisUrl.of(url);
    HostAndPort address = redis.address();
    JedisClientConfig config = redis.config(TIMEOUT_MS);
    OwnClient client = new OwnClient(address, config, busSettings.environment().nanoTime());
    return new RedisBackend(client, client, () -> address, config, busSettings);
  }

  /** Closes connections that may be of before an outage. */
  void forgetIdle() {
    connections.forgetIdle();
  }

  @Override
  public void close() {
    connections.close();
  }
}
