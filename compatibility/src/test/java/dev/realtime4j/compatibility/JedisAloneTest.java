package dev.realtime4j.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.contract.BanStoreContract;
import dev.realtime4j.contract.ClusterBusContract;
import dev.realtime4j.contract.PresenceStoreContract;
import dev.realtime4j.contract.RoomStoreContract;
import dev.realtime4j.contract.ServerRegistryContract;
import dev.realtime4j.fixtures.Redis;
import dev.realtime4j.server.redis.RedisBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** The laws of a cluster on Redis, with what realtime-server brings and nothing else. */
class JedisAloneTest {
  private static Redis redis;
  private static RedisBackend cluster;

  @BeforeAll
  static void connect() {
    redis = Redis.start();
    cluster = RedisBackend.connect(redis.url());
  }

  @AfterAll
  static void close() {
    cluster.close();
    redis.close();
  }

  /** The first makes Spring Boot pool Lettuce, the second collides in its tests. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "org/apache/commons/pool2/impl/GenericObjectPool.class",
        "org/json/JSONObject.class",
        "com/google/gson/Gson.class"
      })
  void what_others_feel_is_not_brought_along(String file) {
    assertThat(ClassLoader.getSystemResource(file)).isNull();
  }

  private static ClusterBackend emptied() {
    try (Jedis client = new Jedis("127.0.0.1", redis.port())) {
      client.flushAll();
    }
    return cluster;
  }

  @Nested
  class Presences extends PresenceStoreContract {
    @Override
    protected ClusterBackend emptyCluster() {
      return emptied();
    }
  }

  @Nested
  class Bus extends ClusterBusContract {
    @Override
    protected ClusterBackend emptyCluster() {
      return emptied();
    }
  }

  @Nested
  class Rooms extends RoomStoreContract {
    @Override
    protected ClusterBackend emptyCluster() {
      return emptied();
    }
  }

  @Nested
  class Servers extends ServerRegistryContract {
    @Override
    protected ClusterBackend emptyCluster() {
      return emptied();
    }
  }

  @Nested
  class Bans extends BanStoreContract {
    @Override
    protected ClusterBackend emptyCluster() {
      return emptied();
    }
  }
}
