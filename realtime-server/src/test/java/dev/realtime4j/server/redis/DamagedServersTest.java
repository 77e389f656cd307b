package dev.realtime4j.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.BanStore;
import dev.realtime4j.api.cluster.BanStore.Ban;
import dev.realtime4j.api.cluster.BanStore.Reach;
import dev.realtime4j.api.cluster.ServerRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.UnifiedJedis;

/** Rubbish where the nodes, the bans and the disconnects of a cluster stand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamagedServersTest {
  private static final Duration TTL = Duration.ofMinutes(1);
  private static final String INDEX = "realtime:servers";
  private static final ServerId A = new ServerId("a");

  private final TestRedis server = TestRedis.start();
  private final UnifiedJedis redis = server.client();
  private final RedisBackend cluster = RedisBackend.connect(server.url());
  private final ServerRegistry servers = cluster.servers();
  private final BanStore bans = cluster.bans();
  private final UserId user = new UserId(UUID.randomUUID());
  private final Instant now = Instant.ofEpochMilli(System.currentTimeMillis());

  @AfterAll
  void close() {
    cluster.close();
    redis.close();
    server.close();
  }

  @BeforeEach
  void empty() {
    redis.flushAll();
  }

  @ParameterizedTest
  @EnumSource(Garbage.class)
  void nodes_are_found_and_the_dead_among_them_cleaned_up_after(Garbage garbage) {
    garbage.plant(redis, INDEX);
    assertThat(servers.beat(A, "incarnation", now, TTL)).isFalse();
    assertThat(servers.alive()).containsExactly(A);
    redis.del("realtime:server:a");
    redis.zadd(INDEX, Double.POSITIVE_INFINITY, "b");

    assertThat(servers.claimDead(now, TTL))
        .extracting(ServerRegistry.DeadServer::server)
        .contains(A, new ServerId("b"));
    assertThat(servers.lastBeat(new ServerId("b"))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Garbage.class)
  void a_node_finds_its_own_keys_whatever_stood_there(Garbage garbage) {
    for (String key :
        List.of(
            "realtime:server:a",
            "realtime:server-incarnation:{realtime:server:a}",
            "realtime:server-claim:{realtime:server:a}")) {
      garbage.plant(redis, key);
    }
    servers.incarnation(A);

    servers.beat(A, "incarnation", now, TTL);

    assertThat(servers.incarnation(A)).contains("incarnation");
    assertThat(servers.alive()).containsExactly(A);
    servers.leave(A);
    assertThat(servers.alive()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Garbage.class)
  void bans_and_disconnects_are_read_beside_rubbish(Garbage garbage) {
    garbage.plant(redis, JedisBanStore.KEY);
    garbage.plant(redis, JedisBanStore.DISCONNECTS);
    Ban ban = new Ban(user, now.plusSeconds(60), Reach.ALL_SOCKETS);

    bans.add(ban);
    bans.addDisconnects(Map.of(user, now));

    assertThat(bans.active(now)).containsExactly(ban);
    assertThat(bans.disconnects(now.minusSeconds(60))).isEqualTo(Map.of(user, now));
  }
}
