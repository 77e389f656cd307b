package dev.realtime4j.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.presence.PresenceStore.LocalUser;
import dev.realtime4j.api.presence.StatusOverride;
import dev.realtime4j.server.CapturedLog;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.UnifiedJedis;

/** What another program has done to the presence of one user is no matter to the others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamagedPresenceTest {
  private static final Duration TTL = Duration.ofSeconds(30);
  private static final ServerId NODE = new ServerId("node");

  private final TestRedis server = TestRedis.start();
  private final UnifiedJedis redis = server.client();
  private final RedisBackend cluster = RedisBackend.connect(server.url());
  private final PresenceStore store = cluster.presence();
  private final UserId hurt = new UserId(UUID.randomUUID());
  private final UserId well = new UserId(UUID.randomUUID());
  private final SocketId hurtSocket = new SocketId("hurt");
  private final SocketId wellSocket = new SocketId("well");

  @BeforeAll
  void open() {
    assertThat(redis.ping()).isEqualTo("PONG");
  }

  @AfterAll
  void close() {
    cluster.close();
    redis.close();
    server.close();
  }

  @BeforeEach
  void connect() {
    redis.flushAll();
    store.connectedAll(NODE, sockets(), TTL);
  }

  private Map<SocketId, UserId> sockets() {
    Map<SocketId, UserId> sockets = new LinkedHashMap<>();
    sockets.put(hurtSocket, hurt);
    sockets.put(wellSocket, well);
    return sockets;
  }

  Stream<Integer> keys() {
    return IntStream.range(0, 3).boxed();
  }

  @ParameterizedTest
  @MethodSource("keys")
  void a_key_of_a_wrong_type_is_replaced_and_hurts_nobody_else(int number) {
    String key = PresenceKeys.of(hurt).get(number);
    for (Garbage garbage : Garbage.values()) {
      if (garbage == Garbage.HASH) {
        continue;
      }
      everythingWorksAfter(
          () -> {
            redis.del(key);
            garbage.plant(redis, key);
          });
      assertThat(redis.type(key)).isEqualTo("hash");
    }
  }

  @ParameterizedTest
  @MethodSource("keys")
  void what_nobody_of_ours_wrote_into_a_key_is_not_believed(int number) {
    byte[] key = Garbage.bytes(PresenceKeys.of(hurt).get(number));
    Garbage.hashes().forEach(fields -> everythingWorksAfter(() -> redis.hset(key, fields)));
    everythingWorksAfter(() -> Garbage.HASH.plant(redis, PresenceKeys.of(hurt).get(number)));
  }

  @Test
  void more_fields_than_anybody_has_sockets_are_forgotten() {
    Map<String, String> many = new LinkedHashMap<>();
    IntStream.range(0, 30_000).forEach(i -> many.put("other|" + i, "9999999999999:5"));
    redis.hset(PresenceKeys.of(hurt).get(1), many);

    PresenceStore.Opened opened = store.connected(hurt, NODE, hurtSocket, TTL);

    assertThat(opened.sockets()).isEqualTo(1);
  }

  /** Each operation alone finds the damage: the first one mends it for those behind. */
  private void everythingWorksAfter(Runnable damage) {
    List<Runnable> operations =
        List.of(
            () ->
                assertThat(store.get(List.of(hurt, well)).get(well))
                    .satisfies(one -> assertThat(one.status()).isEqualTo(PresenceStatus.ONLINE)),
            () ->
                assertThat(store.connectedAll(NODE, sockets(), TTL))
                    .containsOnlyKeys(hurtSocket, wellSocket),
            () -> assertThat(store.refresh(NODE, users(), TTL)).containsOnlyKeys(hurt, well),
            () -> store.setStatus(hurt, PresenceStatus.ONLINE),
            () -> assertThat(store.sockets(hurt).size()).isLessThanOrEqualTo(1),
            () -> store.disconnected(hurt, NODE, hurtSocket, TTL),
            () -> store.reap(1000));
    for (Runnable operation : operations) {
      damage.run();
      operation.run();
      store.refresh(NODE, users(), TTL);
      assertThat(store.get(List.of(hurt, well)).values())
          .allSatisfy(one -> assertThat(one.status()).isEqualTo(PresenceStatus.ONLINE));
      assertThat(store.sockets(hurt)).containsExactly(hurtSocket);
    }
  }

  private Map<UserId, LocalUser> users() {
    return Map.of(
        hurt, new LocalUser(List.of(hurtSocket), StatusOverride.NONE),
        well, new LocalUser(List.of(wellSocket), StatusOverride.NONE));
  }

  @Test
  void an_index_of_a_wrong_type_or_with_rubbish_in_it_keeps_nobody_from_being_announced() {
    for (Garbage garbage : Garbage.values()) {
      for (int shard = 0; shard < 16; shard++) {
        String key = "realtime:presence:expiry:" + shard;
        if (garbage != Garbage.SORTED_SET) {
          redis.del(key);
        }
        garbage.plant(redis, key);
      }
      store.connected(well, NODE, wellSocket, TTL);
      store.disconnected(well, NODE, wellSocket, Duration.ZERO);

      assertThat(store.reap(1000)).as(garbage.name()).isEqualTo(1);
    }
  }

  @Test
  void it_is_told_once_with_key_and_remedy_on_one_line() {
    try (CapturedLog log = CapturedLog.open()) {
      for (int i = 0; i < 100; i++) {
        redis.del(PresenceKeys.hash(hurt));
        Garbage.STRING.plant(redis, PresenceKeys.hash(hurt));
        store.get(List.of(hurt));
        redis.hset(PresenceKeys.hash(hurt), "status", "x\nforged\u001b[31m");
        store.get(List.of(hurt));
      }
      List<String> lines = log.from(ch.qos.logback.classic.Level.INFO);
      assertThat(lines).hasSize(2);
      assertThat(lines)
          .allSatisfy(
              line ->
                  assertThat(line)
                      .contains(PresenceKeys.hash(hurt), "Another program writes")
                      .doesNotContain("\n", "\u001b"));
      assertThat(lines.get(1)).contains("x\\u000aforged\\u001b[31m");
    }
  }
}
