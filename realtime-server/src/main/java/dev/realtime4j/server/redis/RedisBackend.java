package dev.realtime4j.server.redis;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.BanStore;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.api.cluster.ClusterBus;
import dev.realtime4j.api.cluster.ServerRegistry;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.room.RoomStore;
import java.net.URI;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.UnifiedJedis;

/**
 * What the nodes of a cluster share, on Redis 6.2 or newer: one server, Sentinel, or Redis Cluster.
 *
 * <pre>{@code
 * RedisBackend.connect(URI.create("redis://localhost:6379"))
 * }</pre>
 *
 * <p>Runs on Jedis 5.2 to 8.0, whichever the application's build selects: {@link #connect} needs
 * only Jedis, {@link #create} what the application's own client needs.
 *
 * <p>Redis may be unavailable at the start and at any time later: the stores then throw {@code
 * UNAVAILABLE}, and each bus reconnects.
 *
 * <p>Thread safety: every method may be called by any thread.
 *
 * <p>Lifecycle: made by the application, closed by the application after the servers that use it.
 * Each {@link #bus} has two connections and two threads of its own, which end with the bus.
 */
public final class RedisBackend implements ClusterBackend, AutoCloseable {
  private final Supplier<HostAndPort> busNode;
  private final JedisClientConfig busConfig;
  private final BusSettings busSettings;
  private final @Nullable OwnClient owned;
  private final PresenceStore presence;
  private final RoomStore rooms;
  private final ServerRegistry servers;
  private final BanStore bans;

  RedisBackend(
      UnifiedJedis commands,
      @Nullable OwnClient owned,
      Supplier<HostAndPort> busNode,
      JedisClientConfig busConfig,
      BusSettings busSettings) {
    Runnable onStale = owned == null ? () -> {} : owned::forgetIdle;
    RedisCommands redis = new RedisCommands(commands, onStale, busSettings.environment());
    this.presence = new JedisPresenceStore(redis);
    JedisServerRegistry registry = new JedisServerRegistry(redis);
    this.servers = registry;
    this.rooms = new JedisRoomStore(redis, registry);
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
   *     as Redis writes them: {@code redis://user:password@host:6379/0} (underscores in the host
   *     are fine without TLS, IPv6 addresses are in brackets, special characters of user and
   *     password are escaped). With TLS the server's certificate must be for that host, by the
   *     process's default {@code SSLContext}
   * @throws dev.realtime4j.api.InvalidValueException when the URL is not valid; the message does
   *     not quote it. {@code INTERNAL} when Jedis is missing or older than 5.2
   */
  public static RedisBackend connect(URI redisUrl) {
    Objects.requireNonNull(redisUrl, "redisUrl");
    return connect(redisUrl, BusSettings.DEFAULT);
  }

  static RedisBackend connect(URI redisUrl, BusSettings busSettings) {
    JedisVersion.check();
    return OwnClient.cluster(redisUrl, busSettings);
  }

  /**
   * With the application's own client, which is never closed here.
   *
   * @param commands for everything but pub/sub: a {@code RedisClient}, {@code RedisSentinelClient}
   *     or {@code RedisClusterClient}, with older Jedis a {@code JedisPooled}, {@code
   *     JedisSentineled} or {@code JedisCluster}; its pool should limit waiting ({@code maxWait})
   * @param busNode the server to publish and listen on, called for each new connection: the current
   *     master behind Sentinel, any node of a Redis Cluster
   * @param busConfig how to connect to it: credentials, TLS, client name; time-outs and protocol
   *     are the library's own
   * @throws dev.realtime4j.api.RealtimeException {@code INTERNAL} when Jedis is older than 5.2
   */
  public static RedisBackend create(
      UnifiedJedis commands, Supplier<HostAndPort> busNode, JedisClientConfig busConfig) {
    Objects.requireNonNull(commands, "commands");
    Objects.requireNonNull(busNode, "busNode");
    Objects.requireNonNull(busConfig, "busConfig");
    JedisVersion.check();
    return new RedisBackend(commands, null, busNode, busConfig, BusSettings.DEFAULT);
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

  /** Closes the clients that {@link #connect} made, and none of the application's. Idempotent. */
  @Override
  public void close() {
    if (owned != null) {
      owned.close();
    }
  }
}
