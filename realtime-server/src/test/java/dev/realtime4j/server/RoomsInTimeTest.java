package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.server.memory.InMemoryCluster;
import dev.realtime4j.server.simulation.VirtualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rooms on two nodes: how often members hear of others, and when of those of a dead node. */
final class RoomsInTimeTest {
  private static final RoomName ROOM = RoomName.of("match:42");
  private static final Json JOIN = Json.object("room", ROOM);

  private final VirtualTime time = new VirtualTime();
  private final InMemoryCluster cluster = InMemoryCluster.create(time.clock());
  private final VirtualNode a = node("a");
  private final VirtualNode b = node("b");

  private VirtualNode node(String name) {
    return VirtualNode.start(
        time,
        name,
        builder ->
            builder
                .cluster(cluster)
                .roomEventsUpTo(10)
                .maxSocketsPerAddress(100_000)
                .connectsPerSecondPerAddress(100_000)
                .maxSockets(100_000));
  }

  @AfterEach
  void stop() {
    a.close();
    b.close();
  }

  private LocalTransport.Socket joined(VirtualNode node) {
    LocalTransport.Socket socket = node.connect(TestUsers.some());
    socket.call("room.join", JOIN);
    assertThat(time.until(() -> socket.answers() == 1, Duration.ofSeconds(1))).isTrue();
    return socket;
  }

  private static boolean wasToldLast(LocalTransport.Socket socket, int members) {
    List<Json> sizes = socket.events("room.size");
    return !sizes.isEmpty() && sizes.get(sizes.size() - 1).equals(Json.object("members", members));
  }

  @Test
  void ten_thousand_joins_are_told_as_a_count_once_a_second_and_all_end_with_the_same_number() {
    LocalTransport.Socket first = joined(a);
    LocalTransport.Socket other = joined(b);
    int seconds = 10;
    for (int second = 0; second < seconds; second++) {
      for (int i = 0; i < 9_998 / 2 / seconds; i++) {
        a.connect(TestUsers.some()).call("room.join", JOIN);
        b.connect(TestUsers.some()).call("room.join", JOIN);
      }
      time.pass(Duration.ofSeconds(1));
    }
    time.pass(Duration.ofSeconds(2));

    for (LocalTransport.Socket socket : List.of(first, other)) {
      assertThat(wasToldLast(socket, 9_982)).isTrue();
      assertThat(socket.events("room.user_joined")).hasSizeLessThanOrEqualTo(10);
      assertThat(socket.events("room.size")).hasSizeBetween(seconds, seconds + 2);
    }
  }

  @Test
  void the_members_of_a_dead_node_are_told_by_name_in_a_small_room_and_counted_in_a_large_one() {
    LocalTransport.Socket socket = joined(a);
    ServerId dead = new ServerId("dead");
    UserId alone = TestUsers.some();
    cluster.rooms().join(ROOM, alone, dead, new SocketId("s"), 10);
    die(dead);
    assertThat(socket.events("room.user_left")).containsExactly(Json.object("user_id", alone));

    for (int i = 0; i < 50; i++) {
      cluster.rooms().join(ROOM, TestUsers.some(), dead, new SocketId("s" + i), 100);
    }
    die(dead);

    assertThat(wasToldLast(socket, 1)).isTrue();
    assertThat(socket.events("room.user_left")).hasSize(1);
  }

  /** It gave a sign of life that has run out: one of the others finds it. */
  private void die(ServerId dead) {
    cluster.servers().beat(dead, time.clock().instant(), Duration.ofMillis(1));
    time.pass(Duration.ofSeconds(12));
  }
}
