package dev.realtime4j.server.redis;

import dev.realtime4j.api.cluster.ClusterBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import redis.clients.jedis.UnifiedJedis;

/** The laws of a cluster, on the system's own Redis 7, with a client of the host's. */
@Tag("redis7")
class RedisBackendOnRedis7Test extends RedisBackendLaws {
  private static TestRedis server;
  private static RedisBackend cluster;
  private static UnifiedJedis redis;

  @BeforeAll
  static void connect() {
    server = TestRedis.startInstalled();
    redis = ApplicationClient.pooled(server.address());
    cluster = RedisBackend.create(redis, server::address, TestRedis.config());
  }

  @AfterAll
  static void close() {
    cluster.close();
    redis.close();
    server.close();
  }

  @Override
  ClusterBackend emptied() {
    redis.flushAll();
    return cluster;
  }
}
