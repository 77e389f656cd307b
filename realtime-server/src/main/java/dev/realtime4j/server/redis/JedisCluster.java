package dev.realtime4j.server.redis;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.BanStore;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.api.cluster.ClusterBus;
import dev.realtime4j.api.cluster.ServerRegistry;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.room.RoomStore;
import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

/**
 * What a cluster shares, on Redis 6.2 or newer: one server, one with Sentinel, or Redis Cluster.
 *
 * <pre>{@code
 * JedisCluster.connect(URI.create("redis://localhost:6379"))
 * }</pre>
 *
 * <p>Redis may be away when it is made and at any time later: the stores then throw {@code
 * UNAVAILABLE}, and each bus comes back by itself.
 *
 * <p>Thread safety: every method may be called by any thread.
 *
 * <p>Lifecycle: made by the host, closed by the host after the servers that use it. Each {@link
 * #bus} has two connections and two threads of its own, which end with the bus.
 */
public final class JedisCluster implements ClusterBackend, AutoCloseable {
  private static final int TIMEOUT_MS = 2_000;
  private static final int CONNECTIONS = 16;

  private final Supplier<HostAndPort> busNode;
  private final JedisClientConfig busConfig;
  private final BusSettings busSettings;
  private final @Nullable RedisClient owned;
  private final PresenceStore presence;
  private final RoomStore rooms;
  private final ServerRegistry servers;
  private final BanStore bans;

  JedisCluster(
      UnifiedJedis commands,
      @Nullable RedisClient owned,
      Supplier<HostAndPort> busNode,
      JedisClientConfig busConfig,
      BusSettings busSettings) {
    Runnable onStale = owned == null ? () -> {} : owned.getPool()::clear;
    RedisCommands redis = new RedisCommands(commands, onStale);
    this.presence = new JedisPresenceStore(redis);
    this.rooms = new JedisRoomStore(redis);
    this.servers = new JedisServerRegistry(redis);
    this.bans = new JedisBanStore(redis);
    this.owned = owned;
    this.busNode = busNode;
    this.busConfig = busConfig;
    this.busSettings = busSettings;
  }

  /**
   * On one Redis server, with clients of its own that {@link #close} closes: at most 16 connections
   * for commands, 2 s to connect and to answer. Returns without waiting for Redis.
   *
   * @param redisUrl {@code redis://} or, with TLS, {@code rediss://}; user, password and database
   *     as Redis writes them: {@code redis://user:password@host:6379/0}
   * @throws dev.realtime4j.api.RealtimeException {@code BAD_REQUEST} when it is no such URL
   */
  public static JedisCluster connect(URI redisUrl) {
    return connect(redisUrl, BusSettings.DEFAULT);
  }

  static JedisCluster connect(URI redisUrl, BusSettings busSettings) {
    HostAndPort address = RedisUrl.address(redisUrl);
    JedisClientConfig config = RedisUrl.config(redisUrl, TIMEOUT_MS);
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(CONNECTIONS);
    pool.setMaxIdle(CONNECTIONS);
    pool.setMaxWait(Duration.ofMillis(TIMEOUT_MS));
    RedisClient client =
        RedisClient.builder().hostAndPort(address).clientConfig(config).poolConfig(pool).build();
    return new JedisCluster(client, client, () -> address, config, busSettings);
  }

  /**
   * With the host's own client, which is never closed here.
   *
   * @param commands for everything but pub/sub: a {@code RedisClient}, {@code RedisSentinelClient}
   *     or {@code RedisClusterClient}; its pool should have a bound on waiting ({@code maxWait})
   * @param busNode the server to publish and listen on, asked anew for each connection: the present
   *     master behind Sentinel, any node of a Redis Cluster
   * @param busConfig how to connect to it: credentials, TLS, client name; time-outs and protocol
   *     are the library's own
   */
  public static JedisCluster create(
      UnifiedJedis commands, Supplier<HostAndPort> busNode, JedisClientConfig busConfig) {
    return new JedisCluster(commands, null, busNode, busConfig, BusSettings.DEFAULT);
  }

  @Override
  public ClusterBus bus(ServerId self) {
    return new JedisClusterBus(self, new BusConnector(busNode, busConfig), busSettings);
  }

  @Override
  public PresenceStore presence() {
    return presence;
  }

  @Override
  public RoomStore rooms() {
    return rooms;
  }

  @Override
  public ServerRegistry servers() {
    return servers;
  }

  @Override
  public BanStore bans() {
    return bans;
  }

  /** Closes the clients that {@link #connect} made, and none of the host's. Idempotent. */
  @Override
  public void close() {
    if (owned != null) {
      owned.close();
    }
  }
}
