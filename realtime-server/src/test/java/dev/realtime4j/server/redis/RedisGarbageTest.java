package dev.realtime4j.server.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.ServerRegistry.DeadServer;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.presence.PresenceStore.LocalUser;
import dev.realtime4j.api.presence.StatusOverride;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.server.internal.cluster.Commands;
import dev.realtime4j.server.internal.cluster.MembershipListener;
import dev.realtime4j.server.internal.cluster.NodeBus;
import dev.realtime4j.server.internal.cluster.NodeMembership;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.health.ProblemList;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * Thousands of random sessions on nodes that crash and come back, and what is left of them. More:
 * {@code -Dgarbage.sessions=10000}.
 */
class RedisGarbageTest {
  private static final int SESSIONS = Integer.getInteger("garbage.sessions", 4_000);
  private static final int OPEN_AT_ONCE = 300;
  private static final Duration TTL = Duration.ofSeconds(2);
  private static final Duration CLAIM = Duration.ofSeconds(3);
  private static final Duration GRACE = Duration.ofMillis(200);

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final TestRedis server = TestRedis.start();
  private final UnifiedJedis redis = server.client();
  private final RedisBackend cluster = RedisBackend.connect(server.url());

  /** Commands among these nodes have no part in what is left in Redis. */
  private final InMemoryCluster memory = InMemoryCluster.create();

  private final List<UserId> users =
      IntStream.range(0, 500).mapToObj(i -> new UserId(UUID.randomUUID())).toList();
  private final List<Session> open = new ArrayList<>();
  private final Map<ServerId, NodeMembership> nodes = new HashMap<>();
  private int started;

  private record Session(ServerId node, UserId user, SocketId socket, List<RoomName> rooms) {}

  @AfterEach
  void close() {
    cluster.close();
    redis.close();
    server.close();
  }

  @Test
  void no_key_is_left_when_everybody_is_gone() {
    IntStream.range(0, 3).forEach(i -> start());
    for (int session = 0; session < SESSIONS; session++) {
      open(session);
      if (open.size() > OPEN_AT_ONCE) {
        end(open.remove(random.nextInt(open.size())));
      }
      if (session % 500 == 499) {
        crash();
        start();
      }
      if (session % 100 == 99) {
        tick();
      }
    }
    crash();
    new ArrayList<>(open).forEach(this::end);
    open.clear();

    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () -> {
              tick();
              assertThat(keysThatStay()).as("seed " + seed).isEqualTo(keysOfLivingNodes());
            });
    nodes.values().forEach(NodeMembership::leave);
    await().atMost(Duration.ofMinutes(1)).until(() -> redis.dbSize() == 0);
  }

  private void start() {
    ServerId id = nextName();
    while (nodes.containsKey(id)) {
      id = nextName();
    }
    start(id);
  }

  /** Names come again: a node cleans up after a dead one of its own name. */
  private ServerId nextName() {
    return new ServerId("node-" + started++ % 5);
  }

  private void start(ServerId id) {
    NodeBus bus = new NodeBus(id, memory.bus(id), ServerEnvironment.system());
    NodeMembership membership =
        new NodeMembership(
            cluster.servers(),
            id,
            ServerEnvironment.system(),
            new NodeMembership.Times(TTL, CLAIM),
            new Commands(bus, Runnable::run, System::nanoTime),
            new ProblemList(Instant::now));
    membership.addListener(new Rooms(id));
    membership.beat();
    nodes.put(id, membership);
  }

  /** What a node does about the rooms of others. */
  private final class Rooms implements MembershipListener {
    private final ServerId self;

    Rooms(ServerId self) {
      this.self = self;
    }

    @Override
    public void onNodeDead(DeadServer dead) {
      cluster.rooms().removeServer(dead.server());
    }

    @Override
    public void onPreviousIncarnation() {
      cluster.rooms().removeServer(self);
    }
  }

  /** A node and all its sessions are gone without a word. */
  private void crash() {
    ServerId dead = some(new ArrayList<>(nodes.keySet()));
    nodes.remove(dead);
    open.removeIf(session -> session.node.equals(dead));
  }

  private void open(int number) {
    Session session =
        new Session(
            some(new ArrayList<>(nodes.keySet())),
            some(users),
            new SocketId("socket-" + number),
            new ArrayList<>());
    cluster.presence().connected(session.user, session.node, session.socket, TTL);
    if (random.nextInt(3) == 0) {
      RoomName room = RoomName.of("room-" + random.nextInt(20));
      cluster.rooms().join(room, session.user, session.node, session.socket, 10 + number % 50);
      session.rooms.add(room);
    }
    if (random.nextInt(10) == 0) {
      cluster.presence().setStatus(session.user, PresenceStatus.BUSY);
    }
    open.add(session);
  }

  private void end(Session session) {
    session.rooms.forEach(
        room -> cluster.rooms().leave(room, session.user, session.node, session.socket));
    cluster.presence().disconnected(session.user, session.node, session.socket, GRACE);
  }

  private void tick() {
    for (Map.Entry<ServerId, NodeMembership> node : nodes.entrySet()) {
      Map<UserId, List<SocketId>> own = new HashMap<>();
      open.stream()
          .filter(session -> session.node.equals(node.getKey()))
          .forEach(
              session ->
                  own.computeIfAbsent(session.user, user -> new ArrayList<>()).add(session.socket));
      Map<UserId, LocalUser> local = new HashMap<>();
      own.forEach((user, sockets) -> local.put(user, new LocalUser(sockets, StatusOverride.NONE)));
      cluster.presence().refresh(node.getKey(), local, TTL);
      cluster.presence().reap(1000);
      node.getValue().beat();
      node.getValue().cleanUpDeadNodes();
    }
  }

  private <T> T some(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /** Keys that do not run out within the TTL by themselves. */
  private Set<String> keysThatStay() {
    Set<String> stay = new HashSet<>();
    String cursor = ScanParams.SCAN_POINTER_START;
    do {
      ScanResult<String> page = redis.scan(cursor, new ScanParams().count(1000));
      for (String key : page.getResult()) {
        long left = redis.pttl(key);
        boolean claim = key.startsWith("realtime:server-claim:"); // runs out with its lease
        if (left == -1 || left > TTL.toMillis() && !claim) {
          stay.add(key);
        }
      }
      cursor = page.getCursor();
    } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
    return stay;
  }

  /** The index of the nodes that live. */
  private Set<String> keysOfLivingNodes() {
    assertThat(redis.zrange("realtime:servers", 0, -1))
        .containsExactlyInAnyOrderElementsOf(nodes.keySet().stream().map(ServerId::value).toList());
    return Set.of("realtime:servers");
  }
}
