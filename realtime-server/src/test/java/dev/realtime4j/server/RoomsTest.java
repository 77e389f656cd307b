package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.room.RoomMember;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomPolicy;
import dev.realtime4j.server.memory.InMemoryCluster;
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

/** Rooms on two nodes: who hears of whom, and what the host can do. */
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
