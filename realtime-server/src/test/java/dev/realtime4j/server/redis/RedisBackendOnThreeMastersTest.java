package dev.realtime4j.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.api.presence.PresenceStore.LocalUser;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

/** The laws of a cluster, on a Redis Cluster of three masters. */
class RedisBackendOnThreeMastersTest extends RedisBackendLaws {
  private static TestRedisCluster masters;
  private static UnifiedJedis redis;
  private static RedisBackend cluster;

  @BeforeAll
  static void connect() {
    masters = TestRedisCluster.start();
    redis = ApplicationClient.clustered(masters.addresses());
    cluster = RedisBackend.create(redis, masters::anyAddress, TestRedis.config());
  }

  @AfterAll
  static void close() {
    cluster.close();
    redis.close();
    masters.close();
  }

  @Override
  ClusterBackend emptied() {
    for (UnifiedJedis master : masters.clients()) {
      master.flushAll();
    }
    return cluster;
  }

  @Test
  void users_are_spread_over_the_masters_and_leave_no_key_on_any() {
    emptied();
    ServerId server = new ServerId("node-1");
    Map<UserId, LocalUser> sockets =
        Stream.generate(() -> new UserId(UUID.randomUUID()))
            .limit(100)
            .collect(
                Collectors.toMap(user -> user, user -> LocalUser.with(new SocketId("s-" + user))));

    cluster.presence().refresh(server, sockets, Duration.ofMinutes(1));
    assertThat(masters.clients()).allMatch(master -> master.dbSize() > 0);

    sockets.forEach(
        (user, ids) ->
            cluster.presence().disconnected(user, server, ids.sockets().get(0), Duration.ZERO));
    assertThat(cluster.presence().reap(200)).isEqualTo(100);
    assertThat(masters.clients()).allMatch(master -> master.dbSize() == 0);
  }
}
