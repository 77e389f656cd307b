package dev.realtime4j.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomMember;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomStore;
import dev.realtime4j.api.room.RoomStore.JoinOutcome;
import dev.realtime4j.api.room.RoomStore.LeaveOutcome;
import dev.realtime4j.api.room.RoomStore.RoomSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.UnifiedJedis;

/** What another program has done to a room: what is left of it tells what is lost. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamagedRoomsTest {
  private static final ServerId A = new ServerId("a");
  private static final ServerId B = new ServerId("b");
  private static final RoomName HURT = RoomName.of("hurt");
  private static final RoomName WELL = RoomName.of("well");
  private static final PageRequest PAGE = PageRequest.first(10);

  private final TestRedis server = TestRedis.start();
  private final UnifiedJedis redis = server.client();
  private final RedisBackend cluster = RedisBackend.connect(server.url());
  private final RoomStore store = cluster.rooms();
  private final UserId anna = new UserId(UUID.randomUUID());
  private final UserId ben = new UserId(UUID.randomUUID());
  private final SocketId annas = new SocketId("annas");
  private final SocketId bens = new SocketId("bens");

  @AfterAll
  void close() {
    cluster.close();
    redis.close();
    server.close();
  }

  @BeforeEach
  void join() {
    redis.flushAll();
    for (ServerId node : List.of(A, B)) {
      cluster.servers().beat(node, Instant.now(), Duration.ofMinutes(1));
    }
    for (RoomName room : List.of(HURT, WELL)) {
      store.join(room, anna, A, annas, 10);
      store.join(room, ben, B, bens, 10);
    }
  }

  Stream<String> keys() {
    return Stream.of(
        RoomKeys.users(HURT),
        RoomKeys.sockets(HURT),
        RoomKeys.ofServer(HURT, "a"),
        RoomKeys.ofServer(HURT, "b"));
  }

  Stream<Runnable> operations() {
    UserId late = new UserId(UUID.randomUUID());
    SocketId socket = new SocketId("late");
    return Stream.of(
        () -> {
          assertThat(store.join(HURT, late, A, socket, 10).outcome()).isEqualTo(JoinOutcome.JOINED);
          store.leave(HURT, late, A, socket);
        },
        () -> store.members(HURT, PAGE),
        () -> store.memberCount(HURT),
        () -> store.socketCount(HURT),
        () ->
            store.restore(
                A, List.of(new RoomSocket(HURT, anna, annas), new RoomSocket(WELL, anna, annas))));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void a_room_with_a_key_of_a_wrong_type_keeps_its_members_on_all_nodes(String key) {
    for (Garbage garbage : Garbage.values()) {
      if (garbage == (key.contains("room-server") ? Garbage.SET : Garbage.SORTED_SET)) {
        continue;
      }
      operations()
          .forEach(
              operation -> {
                redis.del(key);
                garbage.plant(redis, key);
                operation.run();
                // Whatever needs the key next finds it.
                store.join(HURT, anna, A, annas, 10);
                store.join(HURT, ben, B, bens, 10);
                assertThat(store.members(HURT, PAGE).items())
                    .as("%s in %s", garbage, key)
                    .containsExactlyInAnyOrder(new RoomMember(anna, 1), new RoomMember(ben, 1));
              });
    }
    assertThat(store.leave(HURT, ben, B, bens).outcome()).isEqualTo(LeaveOutcome.LEFT);
    assertThat(store.removeServer(A)).extracting(RoomStore.Membership::room).contains(HURT, WELL);
    assertThat(store.memberCount(HURT)).isZero();
  }

  @Test
  void members_who_are_no_users_are_left_out_and_removed() {
    Garbage.SORTED_SET.plant(redis, RoomKeys.users(HURT));
    Garbage.SORTED_SET.plant(redis, RoomKeys.sockets(HURT));
    Garbage.SET.plant(redis, RoomKeys.ofServer(HURT, "a"));
    Garbage.SET.plant(redis, "realtime:server-rooms:a");

    assertThat(store.members(HURT, PageRequest.first(1)).items()).hasSize(1);
    assertThat(store.members(HURT, PAGE).items()).hasSize(2);
    assertThat(store.memberCount(HURT)).isEqualTo(2);
    assertThat(store.removeServer(A)).hasSize(2);
    assertThat(store.memberCount(HURT)).isEqualTo(1);
    assertThat(store.memberCount(WELL)).isEqualTo(1);
    assertThat(redis.exists("realtime:server-rooms:a")).isFalse();
  }

  @Test
  void a_node_that_lost_the_list_of_its_rooms_is_told_and_writes_them_again() {
    String key = "realtime:server-rooms:a";
    redis.del(key);
    redis.set(key, "x");
    RoomName third = RoomName.of("third");

    try {
      store.join(third, anna, A, annas, 10);
    } catch (RealtimeException told) {
      assertThat(told.code()).isEqualTo(dev.realtime4j.api.ErrorCode.INTERNAL);
      List<RoomSocket> sockets =
          Stream.of(HURT, WELL, third).map(room -> new RoomSocket(room, anna, annas)).toList();
      store.restore(A, sockets);
    }

    assertThat(store.removeServer(A)).hasSize(3);
  }

  @Test
  void one_damaged_room_keeps_nobody_from_cleaning_up_after_a_dead_node() {
    redis.del(RoomKeys.sockets(HURT));
    redis.set(RoomKeys.sockets(HURT), "x");

    assertThat(store.removeServer(A)).hasSize(2);
    assertThat(store.members(HURT, PAGE).items()).containsExactly(new RoomMember(ben, 1));
  }
}
