package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.server.redis.RedisBackend;
import dev.realtime4j.server.redis.TestRedis;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A user's sockets are counted over all nodes: over a real Redis. */
final class SocketsPerUserTest {
  private static final int ALLOWED = 3;

  private final Deque<AutoCloseable> closing = new ArrayDeque<>();
  private final UserId user = TestUsers.some();

  @SuppressWarnings("NullAway.Init")
  private RedisBackend cluster;

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer a;

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer b;

  @BeforeEach
  void start() throws IOException {
    TestRedis redis = later(TestRedis.start());
    cluster = later(RedisBackend.connect(redis.url()));
    a = node("a", cluster);
    b = node("b", later(RedisBackend.connect(redis.url())));
    for (RealtimeServer node : List.of(a, b)) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> node.health().status() == HealthReport.Status.UP);
    }
  }

  private RealtimeServer node(String name, RedisBackend cluster) {
    return later(
        RealtimeServer.builder()
            .port(0)
            .serverId(new ServerId(name))
            .authenticator(new TestUsers())
            .cluster(cluster)
            .maxSocketsPerUser(ALLOWED)
            .drainTime(Duration.ZERO)
            .handler("echo", MethodCall::params)
            .build()
            .start());
  }

  private <T extends AutoCloseable> T later(T resource) {
    closing.addFirst(resource);
    return resource;
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : closing) {
      one.close();
    }
  }

  private WireClient open(RealtimeServer server) {
    WireClient client = later(WireClient.open(server, user));
    client.event("connected");
    return client;
  }

  @Test
  void the_oldest_gives_way_whichever_node_has_it() {
    WireClient first = open(a);
    WireClient second = open(b);
    WireClient third = open(b);
    WireClient fourth = open(b);

    assertThat(first.closeCode()).isEqualTo(4409);
    for (WireClient left : List.of(second, third, fourth)) {
      left.call("echo", Json.EMPTY);
    }
    await().atMost(Duration.ofSeconds(10)).until(() -> held() == ALLOWED);

    WireClient fifth = open(a);
    assertThat(second.closeCode()).isEqualTo(4409);
    for (WireClient left : List.of(third, fourth, fifth)) {
      left.call("echo", Json.EMPTY);
    }
  }

  @Test
  void another_user_is_counted_by_himself() {
    WireClient first = open(a);
    WireClient other = later(WireClient.open(b, TestUsers.some()));
    other.event("connected");
    open(b);
    open(b);

    other.call("echo", Json.EMPTY);
    first.call("echo", Json.EMPTY);
  }

  @Test
  void what_a_dead_node_left_behind_closes_nobody_who_lives() {
    for (int i = 0; i < ALLOWED; i++) {
      cluster
          .presence()
          .connected(user, new ServerId("dead"), new SocketId("0000-" + i), Duration.ofMinutes(1));
    }

    List<WireClient> living = List.of(open(a), open(b), open(a));

    await().during(Duration.ofMillis(500)).until(() -> a.stats().sockets() == 2);
    for (WireClient client : living) {
      client.call("echo", Json.EMPTY);
    }
    WireClient newest = open(b);
    assertThat(living.get(0).closeCode()).isEqualTo(4409);
    newest.call("echo", Json.EMPTY);
  }

  @Test
  void many_that_open_at_once_leave_as_many_as_are_allowed() {
    List<WireClient> all = new ArrayList<>();
    IntStream.range(0, 20)
        .parallel()
        .mapToObj(i -> WireClient.open(i % 2 == 0 ? a : b, user))
        .toList()
        .forEach(client -> all.add(later(client)));

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> a.stats().sockets() + b.stats().sockets() == ALLOWED);
    await().atMost(Duration.ofSeconds(20)).until(() -> held() == ALLOWED);
    assertThat(all).hasSize(20);
  }

  private int held() {
    return cluster.presence().socketCount(user);
  }
}
