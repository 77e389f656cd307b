package dev.realtime4j.server.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.server.internal.presence.SimulatedNode;
import dev.realtime4j.server.internal.session.SimulatedSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

/** What presence costs in round trips to Redis; {@code docs/presence.md} gives these numbers. */
class PresenceCostTest {
  private static final int SOCKETS = 10_000;

  private final TestRedis server = TestRedis.start();
  private final UnifiedJedis redis = server.client();
  private final CountedRedis counted = new CountedRedis(server);
  private final RedisBackend cluster =
      RedisBackend.create(counted.client(), server::address, TestRedis.config());
  private final List<UserId> users =
      Stream.generate(() -> new UserId(UUID.randomUUID())).limit(SOCKETS).toList();
  private final SimulatedNode node = new SimulatedNode("node-1", cluster, Instant::now);

  /** Redis learns each script once. */
  @BeforeEach
  void loadTheScripts() {
    SimulatedSocket socket = node.connect(new UserId(UUID.randomUUID()));
    IntStream.range(0, SimulatedNode.REFRESH_TICKS).forEach(i -> node.second());
    socket.close(1000);
    counted.roundTrips();
  }

  @AfterEach
  void close() {
    node.kill();
    cluster.close();
    counted.close();
    redis.close();
    server.close();
  }

  @Test
  void ten_thousand_sockets_are_prolonged_within_one_interval_and_without_a_burst() {
    List<SimulatedSocket> sockets = users.stream().map(node::connect).toList();
    assertThat(counted.roundTrips()).as("two for each connect").isEqualTo(2L * SOCKETS);

    await()
        .pollDelay(Duration.ofSeconds(2))
        .until(() -> redis.pttl(key(0)) < SimulatedNode.TTL.toMillis() - 2_000);
    List<Long> costs = new ArrayList<>();
    for (int tick = 0; tick < SimulatedNode.REFRESH_TICKS; tick++) {
      node.second();
      costs.add(counted.roundTrips());
    }

    // A second: the shares' entries in the index, one or two pipelines of scripts, the reaper.
    // Every tenth one has a sign of life and a look for dead nodes besides.
    assertThat(costs).allSatisfy(cost -> assertThat(cost).isLessThanOrEqualTo(12));
    assertThat(costs.stream().mapToLong(Long::longValue).sum()).isLessThanOrEqualTo(100);
    for (int i = 0; i < SOCKETS; i += 97) {
      assertThat(redis.pttl(key(i))).isGreaterThan(SimulatedNode.TTL.toMillis() - 20_000);
    }
    assertThat(sockets).hasSize(SOCKETS);
  }

  @Test
  void a_socket_costs_two_round_trips_to_open_two_to_close_and_none_for_a_heartbeat() {
    SimulatedSocket socket = node.connect(users.get(0));
    assertThat(counted.roundTrips()).isEqualTo(2);
    socket.call("presence.get", Json.object("user_ids", users.subList(0, 200)));
    assertThat(counted.roundTrips()).isEqualTo(1);
    socket.close(1000);
    assertThat(counted.roundTrips()).isEqualTo(2);
  }

  @Test
  void sockets_that_open_at_the_same_time_cost_two_round_trips_together() {
    Map<SocketId, UserId> sockets = new LinkedHashMap<>();
    users.subList(0, 32).forEach(user -> sockets.put(new SocketId("of-" + user), user));

    cluster.presence().connectedAll(new ServerId("node-1"), sockets, SimulatedNode.TTL);

    assertThat(counted.roundTrips()).isEqualTo(2);
    assertThat(redis.exists(key(31))).isTrue();
  }

  @Test
  void a_node_without_sockets_costs_one_round_trip_a_second_and_a_few_for_its_sign_of_life() {
    for (int second = 0; second < 9; second++) {
      node.second();
    }
    assertThat(counted.roundTrips()).isEqualTo(9);
    node.second();
    assertThat(counted.roundTrips()).isBetween(4L, 6L);
  }

  private String key(int user) {
    return "user:presence:" + users.get(user);
  }
}
