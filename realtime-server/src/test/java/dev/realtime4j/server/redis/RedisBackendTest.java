package dev.realtime4j.server.redis;

import dev.realtime4j.api.cluster.ClusterBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import redis.clients.jedis.UnifiedJedis;

/** The laws of a cluster, on one Redis 6.2. */
class RedisBackendTest extends RedisBackendLaws {
  private static RedisBackend cluster;
  private static UnifiedJedis redis;

  @BeforeAll
  static void connect() {
    cluster = RedisBackend.connect(TestRedis.shared().url());
    redis = TestRedis.shared().client();
  }

  @AfterAll
  static void close() {
    cluster.close();
    redis.close();
  }

  @Override
  ClusterBackend emptied() {
    redis.flushAll();
    return cluster;
  }
}
