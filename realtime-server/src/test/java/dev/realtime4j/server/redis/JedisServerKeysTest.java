package dev.realtime4j.server.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.fixtures.FreePort;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

/** What nodes leave in Redis, and what callers see when it is unavailable. */
class JedisServerKeysTest {
  private final ServerId server = new ServerId("node-1");
  private final RedisBackend cluster = RedisBackend.connect(TestRedis.shared().url());
  private final UnifiedJedis redis = TestRedis.shared().client();

  @BeforeEach
  void empty() {
    redis.flushAll();
  }

  @AfterEach
  void close() {
    cluster.close();
    redis.close();
  }

  @Test
  void a_sign_of_life_is_a_key_with_a_ttl() {
    Instant at = Instant.parse("2026-03-01T12:00:00Z");
    cluster.servers().beat(server, at, Duration.ofSeconds(15));

    assertThat(redis.get("realtime:server:node-1")).isEqualTo("2026-03-01T12:00:00.000Z");
    assertThat(redis.pttl("realtime:server:node-1")).isBetween(5_000L, 15_000L);
  }

  @Test
  void a_flushed_redis_makes_every_node_new() {
    cluster.servers().beat(server, Instant.now(), Duration.ofSeconds(15));
    redis.flushAll();

    assertThat(cluster.servers().beat(server, Instant.now(), Duration.ofSeconds(15))).isFalse();
    assertThat(cluster.servers().alive()).containsExactly(server);
  }

  @Test
  void a_node_that_was_cleaned_up_leaves_no_key() {
    cluster.servers().beat(server, Instant.now(), Duration.ofMillis(50));
    await()
        .until(() -> !cluster.servers().claimDead(Instant.now(), Duration.ofMillis(50)).isEmpty());
    cluster.servers().cleanedUp(server);

    await().until(() -> redis.dbSize() == 0);
  }

  @Test
  void a_store_without_redis_is_unavailable_and_says_so_within_seconds() {
    try (RedisBackend away =
        RedisBackend.connect(URI.create("redis://127.0.0.1:" + FreePort.some()))) {
      UserId user = new UserId(UUID.randomUUID());
      assertThatThrownBy(() -> away.presence().get(List.of(user)))
          .isInstanceOfSatisfying(
              RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
      assertThatThrownBy(() -> away.servers().alive())
          .isInstanceOfSatisfying(
              RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }
  }

  @Test
  void the_first_call_after_redis_came_back_succeeds() {
    try (TestRedis restarted = TestRedis.start();
        RedisBackend own = RedisBackend.connect(restarted.url())) {
      own.servers().beat(server, Instant.now(), Duration.ofSeconds(15));
      restarted.stop();
      restarted.startAgain();

      assertThat(own.servers().alive()).isEmpty();
      assertThat(own.servers().beat(server, Instant.now(), Duration.ofSeconds(15))).isFalse();
    }
  }

  @Test
  void a_url_that_is_not_redis_is_refused_without_quoting_it() {
    assertThatThrownBy(() -> RedisBackend.connect(URI.create("http://user:secret@localhost")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void closing_twice_is_closing_once() {
    cluster.close();
    cluster.close();
  }
}
