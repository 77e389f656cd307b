package dev.realtime4j.server.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.presence.PresenceStore.LocalUser;
import dev.realtime4j.protocol.WireTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.util.JedisClusterCRC16;

/** What presence looks like to other programs that read the same Redis. */
class JedisPresenceKeysTest {
  private static final Duration TTL = Duration.ofSeconds(40);
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final ServerId here = new ServerId("node-1");
  private final ServerId there = new ServerId("node-2");
  private final SocketId phone = new SocketId("phone");
  private final SocketId laptop = new SocketId("laptop");
  private final SocketId tablet = new SocketId("tablet");
  private final UserId user = new UserId(UUID.randomUUID());
  private final String key = "user:presence:" + user;
  private final RedisBackend cluster = RedisBackend.connect(TestRedis.shared().url());
  private final PresenceStore store = cluster.presence();
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
  void the_hash_has_exactly_the_four_fields() {
    store.connected(user, here, phone, TTL);

    Map<String, String> hash = redis.hgetAll(key);
    assertThat(hash)
        .containsOnlyKeys("status", "server_id", "socket_id", "last_seen")
        .containsEntry("status", "ONLINE")
        .containsEntry("server_id", "node-1")
        .containsEntry("socket_id", "phone");
    Instant lastSeen = Instant.parse(hash.get("last_seen"));
    assertThat(WireTime.format(lastSeen)).isEqualTo(hash.get("last_seen"));
    assertThat(lastSeen).isCloseTo(Instant.now(), within(30, ChronoUnit.SECONDS));
  }

  /** Who looks has read that the user is present, and is about to plan the next look. */
  @Test
  void a_close_while_somebody_looks_is_looked_at_after_the_grace_time_all_the_same() {
    store.connected(user, here, phone, TTL);
    String shard = redis.keys("realtime:presence:expiry:*").iterator().next();
    redis.zadd(shard, 1, user.toString());
    assertThat(redis.eval(LuaScript.EXPIRY_DUE.text(), List.of(shard), List.of("10")))
        .isEqualTo(List.of("", user.toString(), "1"));

    store.disconnected(user, here, phone, GRACE);
    redis.eval(
        LuaScript.EXPIRY_SETTLE.text(), List.of(shard), List.of(user.toString(), "1", "40000"));

    assertThat(redis.zscore(shard, user.toString()))
        .isLessThan(Instant.now().plus(GRACE).plusSeconds(5).toEpochMilli());
  }

  @Test
  void the_hash_expires_after_the_ttl() {
    store.connected(user, here, phone, TTL);

    assertThat(redis.pttl(key)).isBetween(TTL.toMillis() - 10_000, TTL.toMillis());
  }

  @Test
  void refreshing_writes_ttl_and_last_seen_anew() {
    store.connected(user, here, phone, Duration.ofSeconds(5));
    String before = redis.hget(key, "last_seen");

    await()
        .until(
            () -> {
              store.refresh(here, Map.of(user, LocalUser.with(phone)), TTL);
              return redis.hget(key, "last_seen").compareTo(before) > 0;
            });
    assertThat(redis.pttl(key)).isBetween(TTL.toMillis() - 10_000, TTL.toMillis());
  }

  @Test
  void all_keys_of_a_user_are_in_one_slot() {
    store.connected(user, here, phone, TTL);

    Set<String> keys = redis.keys("*" + key + "*");
    assertThat(keys)
        .containsExactlyInAnyOrder(
            key, "realtime:sockets:{" + key + "}", "realtime:announced:{" + key + "}");
    assertThat(keys)
        .extracting(JedisClusterCRC16::getSlot)
        .containsOnly(JedisClusterCRC16.getSlot(key));
  }

  @Test
  void the_hash_shows_the_most_recently_active_socket_that_is_left() {
    store.connected(user, here, phone, TTL);
    store.connected(user, there, laptop, TTL);
    store.connected(user, here, tablet, TTL);
    assertShown("node-1", "tablet");

    store.disconnected(user, here, tablet, GRACE);
    assertShown("node-2", "laptop");

    store.connected(user, here, phone, TTL);
    assertShown("node-1", "phone");
    store.disconnected(user, here, phone, GRACE);
    assertShown("node-2", "laptop");
    assertThat(redis.pttl(key)).isGreaterThan(GRACE.toMillis());
  }

  @Test
  void refreshing_one_node_does_not_make_its_sockets_the_most_recent() {
    store.connected(user, here, phone, TTL);
    store.connected(user, there, laptop, TTL);

    store.refresh(here, Map.of(user, LocalUser.with(phone)), TTL);

    assertShown("node-2", "laptop");
  }

  @Test
  void refreshing_knows_the_order_of_the_nodes_own_sockets() {
    store.connected(user, here, phone, TTL);
    store.connected(user, here, tablet, TTL);

    store.refresh(here, Map.of(user, LocalUser.with(tablet, phone)), TTL);

    assertShown("node-1", "phone");
    store.disconnected(user, here, phone, GRACE);
    assertShown("node-1", "tablet");
  }

  @Test
  void the_hash_stays_for_the_grace_time_after_the_last_socket() {
    store.connected(user, here, phone, TTL);
    store.setStatus(user, PresenceStatus.BUSY);
    store.disconnected(user, here, phone, GRACE);

    assertThat(redis.hget(key, "status")).isEqualTo("BUSY");
    assertThat(redis.pttl(key)).isBetween(1L, GRACE.toMillis());
    assertThat(redis.exists("realtime:sockets:{" + key + "}")).isFalse();
  }

  @Test
  void the_grace_time_never_prolongs_the_hash() {
    store.connected(user, here, phone, Duration.ofSeconds(5));
    store.disconnected(user, here, phone, GRACE);

    assertThat(redis.pttl(key)).isBetween(1L, 5_000L);
  }

  @Test
  void what_watchers_were_told_outlives_the_hash() {
    store.connected(user, here, phone, TTL);

    assertThat(redis.pttl("realtime:announced:{" + key + "}"))
        .isGreaterThan(Duration.ofHours(23).toMillis());
  }

  @Test
  void after_the_last_user_no_key_is_left() {
    store.connected(user, here, phone, TTL);
    store.connected(user, there, laptop, TTL);
    UserId silent = new UserId(UUID.randomUUID());
    store.connected(silent, here, tablet, Duration.ofMillis(50));
    store.disconnected(user, here, phone, GRACE);
    store.disconnected(user, there, laptop, Duration.ZERO);

    await().until(() -> store.reap(100) == 0 && redis.dbSize() == 0);
  }

  @Test
  void a_flushed_redis_is_written_again_by_refresh_and_reaped_like_any_other() {
    store.connected(user, here, phone, TTL);
    redis.flushAll();

    store.refresh(here, Map.of(user, LocalUser.with(phone)), Duration.ofMillis(50));
    assertThat(redis.exists("realtime:announced:{" + key + "}")).isTrue();

    await().until(() -> store.reap(100) == 1);
    assertThat(redis.dbSize()).isZero();
  }

  @Test
  void versions_grow_over_a_flush() {
    store.connected(user, here, phone, TTL);
    long before = version();
    redis.flushAll();
    store.connected(user, here, phone, TTL);

    assertThat(version()).isGreaterThan(before);
  }

  @Test
  void a_version_from_the_future_is_still_surpassed() {
    store.connected(user, here, phone, TTL);
    long future = 4_000_000_000_000_000L;
    redis.hset("realtime:announced:{" + key + "}", "version", Long.toString(future));

    store.setStatus(user, PresenceStatus.BUSY);

    assertThat(version()).isEqualTo(future + 1);
  }

  @Test
  void scripts_are_loaded_again_after_redis_forgot_them() {
    store.connected(user, here, phone, TTL);
    redis.scriptFlush();
    store.refresh(here, Map.of(user, LocalUser.with(phone)), TTL);
    redis.scriptFlush();

    assertThat(store.socketCount(user)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        951_782_400_123L,
        951_868_799_999L,
        1_709_164_800_000L,
        1_735_689_599_999L,
        1_772_366_400_000L,
        4_102_444_800_001L
      })
  void the_scripts_write_times_as_the_wire_does(long millis) {
    String prelude = LuaScript.PRESENCE_SOCKETS.text().split("-- The sockets that still count")[0];

    Object text =
        redis.eval(
            prelude + "return iso(tonumber(ARGV[2]))",
            List.of("a", "b", "c"),
            List.of("user", Long.toString(millis)));

    assertThat(text).isEqualTo(WireTime.format(Instant.ofEpochMilli(millis)));
  }

  @Test
  void offline_can_not_be_set() {
    Assertions.assertThatThrownBy(() -> store.setStatus(user, PresenceStatus.OFFLINE))
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
  }

  private long version() {
    return Long.parseLong(redis.hget("realtime:announced:{" + key + "}", "version"));
  }

  private void assertShown(String server, String socket) {
    assertThat(redis.hmget(key, "server_id", "socket_id")).containsExactly(server, socket);
  }
}
