package dev.realtime4j.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomStore;
import dev.realtime4j.api.room.RoomStore.Membership;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.util.JedisClusterCRC16;

/** What rooms leave in Redis. */
class JedisRoomKeysTest {
  private static final RoomName ROOM = RoomName.of("match:42");

  private final ServerId server = new ServerId("node-1");
  private final SocketId socket = new SocketId("socket-1");
  private final UserId user = new UserId(UUID.randomUUID());
  private final RedisBackend cluster = RedisBackend.connect(TestRedis.shared().url());
  private final RoomStore store = cluster.rooms();
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
  void all_keys_of_a_room_are_in_one_slot() {
    store.join(ROOM, user, server, socket, 10);

    assertThat(redis.keys("*{room:match:42}*"))
        .hasSize(3)
        .extracting(JedisClusterCRC16::getSlot)
        .containsOnly(JedisClusterCRC16.getSlot("room:match:42"));
    assertThat(redis.smembers("realtime:server-rooms:node-1")).containsExactly("match:42");
  }

  @Test
  void an_empty_room_leaves_no_key() {
    store.join(ROOM, user, server, socket, 10);
    store.leave(ROOM, user, server, socket);

    assertThat(redis.keys("*")).isEmpty();
  }

  @Test
  void a_refused_join_leaves_no_key() {
    store.join(ROOM, user, server, socket, 0);

    assertThat(redis.keys("*")).isEmpty();
  }

  @Test
  void a_removed_server_leaves_no_key() {
    store.join(ROOM, user, server, socket, 10);
    store.join(RoomName.of("lobby"), user, server, socket, 10);

    assertThat(store.removeServer(server)).hasSize(2);

    assertThat(redis.keys("*")).isEmpty();
  }

  @Test
  void a_room_that_the_node_left_in_another_thread_is_remembered_again() {
    store.join(ROOM, user, server, socket, 10);
    redis.srem("realtime:server-rooms:node-1", "match:42");

    store.join(ROOM, user, server, socket, 10);

    assertThat(store.removeServer(server)).containsExactly(new Membership(ROOM, user));
  }
}
