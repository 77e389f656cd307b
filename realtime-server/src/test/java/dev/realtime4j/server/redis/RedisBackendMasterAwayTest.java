package dev.realtime4j.server.redis;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.presence.PresenceStore.LocalUser;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import redis.clients.jedis.UnifiedJedis;

/** A Redis Cluster that lacks a master. */
@Isolated("Jedis's own threads may fail then, which Awaitility would tell a test that runs beside")
class RedisBackendMasterAwayTest {
  @Test
  void when_a_master_is_away_refreshing_is_unavailable() {
    ServerId server = new ServerId("node-1");
    Map<UserId, LocalUser> sockets =
        Stream.generate(() -> new UserId(UUID.randomUUID()))
            .limit(50)
            .collect(
                Collectors.toMap(user -> user, user -> LocalUser.with(new SocketId("s-" + user))));
    try (TestRedisCluster broken = TestRedisCluster.start();
        UnifiedJedis client = ApplicationClient.clustered(broken.addresses())) {
      PresenceStore store =
          RedisBackend.create(client, broken::anyAddress, TestRedis.config()).presence();
      store.refresh(server, sockets, Duration.ofMinutes(1));
      broken.stopFirst();

      assertThatThrownBy(() -> store.refresh(server, sockets, Duration.ofMinutes(1)))
          .isInstanceOf(RealtimeException.class);
    }
  }
}
