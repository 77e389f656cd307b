package dev.realtime4j.server.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.server.internal.presence.SimulatedNode;
import dev.realtime4j.server.internal.presence.Step;
import dev.realtime4j.server.internal.session.SimulatedSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;

/**
 * A few of the sequences of the model, on a real Redis with real time: whatever happened, watchers
 * end with the truth, are never told twice, and nothing is left.
 */
class PresenceOnRedisTest {
  private static final Duration TTL = Duration.ofMillis(1_500);
  private static final Duration GRACE = Duration.ofMillis(300);
  private static @Nullable TestRedis server;

  private final List<UserId> users =
      Stream.generate(() -> new UserId(UUID.randomUUID())).limit(Step.USERS).toList();
  private final Map<Integer, SimulatedNode> nodes = new ConcurrentHashMap<>();
  private final Map<Integer, Map<String, PresenceStatus>> told = new ConcurrentHashMap<>();
  private final List<String> toldTwice = new CopyOnWriteArrayList<>();
  private final List<Client> clients = new ArrayList<>();

  private record Client(SimulatedSocket socket, int node, UserId user) {}

  @BeforeContainer
  static void startRedis() {
    server = TestRedis.start();
  }

  @AfterContainer
  static void stopRedis() {
    redis().close();
  }

  private static TestRedis redis() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server;
  }

  @Provide
  Arbitrary<List<Step>> sequences() {
    return Step.any().list().ofMinSize(10).ofMaxSize(40);
  }

  @Property(tries = 5, shrinking = ShrinkingMode.OFF)
  void watchers_end_with_the_truth_whatever_happened(@ForAll("sequences") List<Step> steps) {
    try (RedisBackend cluster = RedisBackend.connect(redis().url())) {
      IntStream.range(0, Step.NODES).forEach(node -> start(node, cluster));
      steps.forEach(step -> apply(step, cluster));
      start(0, cluster);
      awaitTruth();
      clients.forEach(client -> client.socket.close(1000));
      clients.clear();
      awaitTruth();
      assertThat(toldTwice).isEmpty();
    } finally {
      nodes.values().forEach(SimulatedNode::kill);
      nodes.clear();
      told.clear();
      clients.clear();
    }
  }

  private void apply(Step step, RedisBackend cluster) {
    if (step instanceof Step.Connect connect && nodes.containsKey(connect.node())) {
      UserId user = users.get(connect.user());
      SimulatedSocket socket = node(connect.node()).connect(user);
      clients.add(new Client(socket, connect.node(), user));
    } else if (step instanceof Step.End end && !clients.isEmpty()) {
      clients.remove(end.socket() % clients.size()).socket.close(end.closeCode());
    } else if (step instanceof Step.Choose choose && !clients.isEmpty()) {
      SimulatedSocket socket = clients.get(choose.socket() % clients.size()).socket;
      socket.call("presence.set", Json.object("status", choose.status()));
    } else if (step instanceof Step.Kill kill && nodes.containsKey(kill.node())) {
      node(kill.node()).kill();
      nodes.remove(kill.node());
      told.remove(kill.node());
      clients.removeIf(client -> client.node == kill.node());
    } else if (step instanceof Step.Start start) {
      start(start.node(), cluster);
    } else if (step instanceof Step.Flush) {
      try (UnifiedJedis client = redis().client()) {
        client.flushAll();
      }
    } else if (step instanceof Step.Pass) {
      nodes.values().forEach(SimulatedNode::second);
    }
  }

  private SimulatedNode node(int number) {
    SimulatedNode node = nodes.get(number);
    if (node == null) {
      throw new IllegalStateException("node " + number + " does not run");
    }
    return node;
  }

  private void start(int number, RedisBackend cluster) {
    if (nodes.containsKey(number)) {
      return;
    }
    SimulatedNode node = new SimulatedNode("node-" + number, cluster, Instant::now, TTL, GRACE);
    nodes.put(number, node);
    Map<String, PresenceStatus> known = new ConcurrentHashMap<>();
    told.put(number, known);
    SimulatedSocket watcher = node.connect(new UserId(UUID.randomUUID()));
    watcher.forward(message -> hear(known, message));
    watcher.call("presence.watch", Json.object("user_ids", users));
  }

  /** The answer to watching, or a change. */
  private void hear(Map<String, PresenceStatus> known, Json message) {
    Json result = message.fields().getOrDefault("result", Json.NULL);
    if (result.isObject()) {
      result
          .fields()
          .getOrDefault("presences", Json.NULL)
          .elements()
          .forEach(presence -> hearPresence(known, presence));
    } else if (message.text().contains("presence.changed")) {
      hearPresence(known, message.fields().getOrDefault("data", Json.NULL));
    }
  }

  private void hearPresence(Map<String, PresenceStatus> known, Json presence) {
    String user = presence.fields().getOrDefault("user_id", Json.NULL).asString();
    PresenceStatus status =
        PresenceStatus.valueOf(presence.fields().getOrDefault("status", Json.NULL).asString());
    if (known.put(user, status) == status) {
      toldTwice.add(user + " " + status);
    }
  }

  private void awaitTruth() {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () -> {
              nodes.values().forEach(SimulatedNode::second);
              for (UserId user : users) {
                boolean there = clients.stream().anyMatch(client -> client.user.equals(user));
                told.values()
                    .forEach(
                        known ->
                            assertThat(known.get(user.toString()) != PresenceStatus.OFFLINE)
                                .isEqualTo(there));
              }
            });
  }
}
