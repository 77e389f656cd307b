package dev.realtime4j.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.server.http.HttpRequest;
import dev.realtime4j.server.http.HttpResponse;
import dev.realtime4j.server.http.RealtimeHttp;
import dev.realtime4j.server.redis.RedisBackend;
import dev.realtime4j.server.redis.TestRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Users are sent away on all nodes: over a real Redis, also when a node cannot hear it. */
final class RevocationAcrossNodesTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final Deque<AutoCloseable> closing = new ArrayDeque<>();
  private final UserId user = TestUsers.some();

  @SuppressWarnings("NullAway.Init")
  private TestRedis redis;

  @SuppressWarnings("NullAway.Init")
  private Cable cable;

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer near;

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer far;

  @BeforeEach
  void start() throws IOException {
    redis = later(TestRedis.start());
    cable = later(new Cable(redis.url()));
    near = node("near", RedisBackend.connect(redis.url()));
    far = node("far", RedisBackend.connect(cable.url()));
    awaitUp(near);
    awaitUp(far);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : closing) {
      one.close();
    }
  }

  private <T extends AutoCloseable> T later(T resource) {
    closing.addFirst(resource);
    return resource;
  }

  private RealtimeServer node(String name, RedisBackend cluster) {
    later(cluster);
    return later(
        RealtimeServer.builder()
            .port(0)
            .serverId(new ServerId(name))
            .authenticator(new TestUsers())
            .cluster(cluster)
            .drainTime(Duration.ZERO)
            .build()
            .start());
  }

  private static void awaitUp(RealtimeServer node) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> node.health().status() == HealthReport.Status.UP);
  }

  private static WireClient open(RealtimeServer server, UserId user) {
    WireClient client = WireClient.open(server, user);
    client.event("connected");
    return client;
  }

  private static String asked(RealtimeServer server, UserId user) throws IOException {
    try (RawHandshake raw = new RawHandshake(server.port())) {
      return raw.send("/ws?token=" + user).statusLine();
    }
  }

  @Test
  void disconnect_closes_the_sockets_of_a_user_on_every_node_at_once() {
    long slowest = 0;
    for (int i = 0; i < 20; i++) {
      UserId one = TestUsers.some();
      WireClient here = open(near, one);
      WireClient there = open(far, one);

      long start = System.nanoTime();
      near.disconnect(one, "logged out");

      assertThat(there.closeCode()).isEqualTo(4403);
      slowest = Math.max(slowest, System.nanoTime() - start);
      assertThat(here.closeCode()).isEqualTo(4403);
    }
    LoggerFactory.getLogger(getClass())
        .info("disconnect between two nodes: at most {} µs of 20", slowest / 1000);
    assertThat(slowest).isLessThan(Duration.ofSeconds(2).toNanos());
  }

  @Test
  void a_ban_closes_the_sockets_everywhere_and_holds_on_a_node_that_starts_later()
      throws IOException {
    WireClient there = open(far, user);

    near.ban(user, LONG, "enough");

    assertThat(there.closeCode()).isEqualTo(4403);
    assertThat(asked(near, user)).contains(" 403 ");
    assertThat(asked(far, user)).contains(" 403 ");
    RealtimeServer late = node("late", RedisBackend.connect(redis.url()));
    assertThat(asked(late, user)).contains(" 403 ");
    open(late, TestUsers.some()).close();
  }

  @Test
  void a_node_that_was_cut_off_learns_of_a_ban_when_it_is_back() throws IOException {
    WireClient there = open(far, user);
    cable.cut();
    await().until(() -> far.health().status() == HealthReport.Status.DEGRADED);

    near.ban(user, LONG, "enough");
    there.call("presence.get", Json.parse("{\"user_ids\":[]}"));
    cable.mend();

    assertThat(there.closeCode()).isEqualTo(4403);
    assertThat(asked(far, user)).contains(" 403 ");
  }

  @Test
  void a_ban_of_a_node_that_is_cut_off_holds_there_and_elsewhere_when_it_is_back()
      throws IOException {
    cable.cut();
    await().until(() -> far.health().status() == HealthReport.Status.DEGRADED);

    far.ban(user, LONG, "enough");

    assertThat(asked(far, user)).contains(" 403 ");
    cable.mend();
    RealtimeServer late = node("late", RedisBackend.connect(redis.url()));
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(asked(near, user)).contains(" 403 "));
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(asked(late, user)).contains(" 403 "));
  }

  @Test
  void a_disconnect_on_a_node_that_is_cut_off_is_carried_out_elsewhere_when_it_is_back() {
    WireClient here = open(far, user);
    WireClient there = open(near, user);
    cable.cut();
    await().until(() -> far.health().status() == HealthReport.Status.DEGRADED);

    far.disconnect(user, "logged out");

    assertThat(here.closeCode()).isEqualTo(4403);
    WireClient again = open(near, TestUsers.some());
    cable.mend();
    assertThat(there.closeCode()).isEqualTo(4403);
    requireOpen(again);
  }

  @Test
  void a_node_that_was_cut_off_carries_out_a_disconnect_when_it_is_back_on_what_was_open_then() {
    WireClient before = open(far, user);
    cable.cut();
    await().until(() -> far.health().status() == HealthReport.Status.DEGRADED);

    near.disconnect(user, "logged out");
    requireOpen(before);
    awaitAnotherMillisecond();
    WireClient after = open(far, user);
    cable.mend();

    assertThat(before.closeCode()).isEqualTo(4403);
    requireOpen(after);
  }

  @Test
  void a_disconnect_while_redis_is_stopped_is_carried_out_on_all_nodes_when_it_is_back() {
    RealtimeServer other = node("other", RedisBackend.connect(redis.url()));
    awaitUp(other);
    WireClient here = open(near, user);
    WireClient there = open(other, user);
    redis.stop();
    await()
        .until(
            () ->
                near.health().status() == HealthReport.Status.DEGRADED
                    && other.health().status() == HealthReport.Status.DEGRADED);

    near.disconnect(user, "logged out");

    assertThat(here.closeCode()).isEqualTo(4403);
    requireOpen(there);
    awaitAnotherMillisecond();
    WireClient after = open(near, user);
    redis.startAgain();
    assertThat(there.closeCode()).isEqualTo(4403);
    awaitUp(near);
    requireOpen(after);
  }

  @Test
  void a_banned_user_is_refused_over_http_on_every_node_by_every_call_that_takes_a_token() {
    near.ban(user, LONG, "enough");

    for (RealtimeServer node : List.of(near, far)) {
      RealtimeHttp http = RealtimeHttp.of(node);
      await().untilAsserted(() -> assertThat(asked(http, "GET", "/notifications")).isEqualTo(403));
      assertThat(asked(http, "GET", "/notifications/unread-count")).isEqualTo(403);
      assertThat(asked(http, "PUT", "/notifications/read")).isEqualTo(403);
      assertThat(asked(http, "GET", "/presence/" + user)).isEqualTo(403);
      assertThat(asked(http, "POST", "/broadcast")).isEqualTo(403);
      assertThat(asked(http, "GET", "/health/live")).isEqualTo(200);
      HttpResponse refused = http.handle(request("GET", "/presence/" + user));
      assertThat(new String(refused.body(), UTF_8)).contains("RT_FORBIDDEN");
      assertThat(Long.parseLong(refused.headers().getOrDefault("Retry-After", "0")))
          .isBetween(1L, LONG.toSeconds());
    }
  }

  private int asked(RealtimeHttp http, String method, String path) {
    return http.handle(request(method, path)).status();
  }

  private HttpRequest request(String method, String path) {
    return new HttpRequest(
        method,
        RealtimeHttp.BASE_PATH + path,
        "",
        Map.of("authorization", "Bearer " + user),
        "{}".getBytes(UTF_8),
        InetAddress.getLoopbackAddress());
  }

  /** Fails unless the server still answers on it. */
  private static void requireOpen(WireClient client) {
    client.call("presence.get", Json.parse("{\"user_ids\":[]}"));
  }

  /** What opens afterwards did not open in the millisecond of what happened before. */
  private static void awaitAnotherMillisecond() {
    long now = System.currentTimeMillis();
    await().until(() -> System.currentTimeMillis() > now);
  }

  @Test
  void a_redis_that_is_silent_delays_no_handshake_and_lifts_no_ban() throws IOException {
    far.ban(user, LONG, "enough");
    assertThat(asked(far, user)).contains(" 403 ");

    cable.goSilent();

    assertThat(asked(far, user)).contains(" 403 ");
    assertThat(asked(far, TestUsers.some())).contains(" 101 ");
    cable.mend();
  }
}
