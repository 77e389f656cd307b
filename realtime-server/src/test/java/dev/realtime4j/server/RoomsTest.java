package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.room.RoomMember;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomPolicy;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rooms on two nodes: who hears of whom, how often, and what the host can do. */
final class RoomsTest {
  private static final RoomName ROOM = RoomName.of("match:42");
  private static final Json JOIN = Json.object("room", ROOM);

  private final InMemoryCluster cluster = InMemoryCluster.create();
  private final LocalTransport onA = new LocalTransport();
  private final LocalTransport onB = new LocalTransport();
  private final WatchfulPolicy policy = new WatchfulPolicy();
  private final RealtimeServer a = server("a", onA);
  private final RealtimeServer b = server("b", onB);

  private RealtimeServer server(String name, LocalTransport transport) {
    return RealtimeServer.builder()
        .serverId(new ServerId(name))
        .transport(transport)
        .authenticator(new TestUsers())
        .cluster(cluster)
        .roomPolicy(policy)
        .roomEventsUpTo(10)
        .heartbeatInterval(Duration.ofSeconds(2))
        .heartbeatTimeout(Duration.ofMinutes(5))
        .presenceBuffer(Duration.ofSeconds(2))
        .maxSocketsPerAddress(100_000)
        .maxSockets(100_000)
        .build()
        .start();
  }

  @AfterEach
  void stop() {
    policy.letGo.countDown();
    a.close();
    b.close();
  }

  private static LocalTransport.Socket joined(LocalTransport transport) {
    LocalTransport.Socket socket = transport.connect(TestUsers.some());
    socket.call("room.join", JOIN);
    await().until(() -> socket.answers() == 1);
    return socket;
  }

  private static List<LocalTransport.Socket> join(LocalTransport transport, int count) {
    List<LocalTransport.Socket> sockets =
        Stream.generate(() -> transport.connect(TestUsers.some())).limit(count).toList();
    sockets.forEach(socket -> socket.call("room.join", JOIN));
    return sockets;
  }

  private static boolean wasToldLast(LocalTransport.Socket socket, int members) {
    List<Json> sizes = socket.events("room.size");
    return !sizes.isEmpty() && sizes.get(sizes.size() - 1).equals(Json.object("members", members));
  }

  @Test
  void ten_thousand_joins_are_told_as_a_count_once_a_second_and_all_end_with_the_same_number() {
    LocalTransport.Socket first = joined(onA);
    LocalTransport.Socket other = joined(onB);
    long started = System.nanoTime();
    join(onA, 4_999);
    join(onB, 4_999);

    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> wasToldLast(first, 10_000) && wasToldLast(other, 10_000));

    long seconds = (System.nanoTime() - started) / 1_000_000_000;
    for (LocalTransport.Socket socket : List.of(first, other)) {
      assertThat(socket.events("room.user_joined")).hasSizeLessThanOrEqualTo(10);
      assertThat(socket.events("room.size")).hasSizeLessThanOrEqualTo((int) seconds + 2);
    }
  }

  @Test
  void the_members_of_a_dead_node_are_told_by_name_in_a_small_room_and_counted_in_a_large_one() {
    LocalTransport.Socket socket = joined(onA);
    ServerId dead = new ServerId("dead");
    UserId alone = TestUsers.some();
    cluster.rooms().join(ROOM, alone, dead, new SocketId("s"), 10);
    die(dead);
    await().until(() -> !socket.events("room.user_left").isEmpty());
    assertThat(socket.events("room.user_left")).containsExactly(Json.object("user_id", alone));

    for (int i = 0; i < 50; i++) {
      cluster.rooms().join(ROOM, TestUsers.some(), dead, new SocketId("s" + i), 100);
    }
    die(dead);

    await().until(() -> wasToldLast(socket, 1));
    assertThat(socket.events("room.user_left")).hasSize(1);
  }

  /** It gave a sign of life that has run out: one of the others finds it. */
  private void die(ServerId dead) {
    cluster.servers().beat(dead, Instant.now(), Duration.ofMillis(1));
  }

  @Test
  void closing_a_room_removes_everybody_on_all_nodes_and_tells_each() {
    List<LocalTransport.Socket> sockets = List.of(joined(onA), joined(onB));

    a.rooms().close(ROOM);

    await().until(() -> a.rooms().memberCount(ROOM) == 0);
    assertThat(sockets)
        .allSatisfy(
            socket ->
                await()
                    .untilAsserted(() -> assertThat(socket.events("room.user_left")).isNotEmpty()));
    a.rooms().publish(ROOM, "after", Json.EMPTY);
    LocalTransport.Socket later = joined(onB);
    a.rooms().publish(ROOM, "later", Json.EMPTY);
    await().until(() -> later.events("later").size() == 1);
    assertThat(sockets).allSatisfy(socket -> assertThat(socket.events("after")).isEmpty());
  }

  @Test
  void what_is_published_to_a_user_reaches_all_his_sockets_and_nobody_elses() {
    UserId anna = TestUsers.some();
    List<LocalTransport.Socket> own =
        List.of(onA.connect(anna), onB.connect(anna), onB.connect(anna));
    LocalTransport.Socket stranger = joined(onA);
    await().until(() -> own.stream().allMatch(socket -> !socket.events("connected").isEmpty()));

    a.rooms().publishToUser(anna, "progress", Json.object("percent", 40));

    await().until(() -> own.stream().allMatch(socket -> socket.events("progress").size() == 1));
    assertThat(stranger.events("progress")).isEmpty();
  }

  @Test
  void the_host_lists_the_members_page_by_page() {
    join(onA, 15);
    join(onB, 10);
    await().until(() -> b.rooms().memberCount(ROOM) == 25);
    List<UserId> listed = new ArrayList<>();
    String cursor = null;
    do {
      Page<RoomMember> page = b.rooms().members(ROOM, new PageRequest(10, cursor));
      page.items().forEach(member -> listed.add(member.userId()));
      cursor = page.nextCursor();
    } while (cursor != null);

    assertThat(listed).hasSize(25).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void the_policy_is_asked_on_workers_only() {
    LocalTransport.Socket socket = joined(onA);
    socket.call("room.publish", Json.object("room", ROOM, "event", "goal", "data", Json.EMPTY));
    a.rooms().recheck(userOf(socket));
    await().until(() -> policy.threads.size() >= 1 && policy.asked.size() >= 3);

    assertThat(policy.threads).allMatch(name -> name.startsWith("realtime-worker-"));
    assertThat(policy.asked).contains("join", "publish");
  }

  @Test
  void a_permission_that_is_lost_while_a_join_is_under_way_lets_nobody_in() {
    UserId user = TestUsers.some();
    LocalTransport.Socket joining = onA.connect(user);
    LocalTransport.Socket other = onA.connect(user);
    other.call("room.join", Json.object("room", "lobby"));
    await().until(() -> other.answers() == 1);
    policy.held = user;
    joining.call("room.join", JOIN);
    await().until(() -> policy.isHolding);

    policy.barred.add(user);
    b.rooms().recheck(user);
    // The older socket is looked at first.
    await().until(() -> !other.events("room.user_left").isEmpty());
    policy.letGo.countDown();

    await().until(() -> joining.answers() == 1);
    assertThat(joining.heard().toString()).contains("RT_FORBIDDEN");
    await().until(() -> a.rooms().memberCount(ROOM) == 0);
  }

  private static UserId userOf(LocalTransport.Socket socket) {
    return UserId.of(WireClient.text(socket.events("connected").get(0), "user_id"));
  }

  /** Lets everybody do everything, but for who is barred; holds one join until it is told. */
  private static final class WatchfulPolicy implements RoomPolicy {
    private final Set<UserId> barred = ConcurrentHashMap.newKeySet();
    private final Set<String> threads = ConcurrentHashMap.newKeySet();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch letGo = new CountDownLatch(1);
    private volatile @Nullable UserId held;
    private volatile boolean isHolding;

    @Override
    public boolean mayJoin(Principal principal, RoomName room) {
      asked.add("join");
      threads.add(Thread.currentThread().getName());
      boolean answer = !barred.contains(principal.userId());
      if (principal.userId().equals(held) && !isHolding) {
        isHolding = true;
        try {
          letGo.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return answer;
    }

    @Override
    public boolean mayPublish(Principal principal, RoomName room) {
      asked.add("publish");
      threads.add(Thread.currentThread().getName());
      return !barred.contains(principal.userId());
    }
  }
}
