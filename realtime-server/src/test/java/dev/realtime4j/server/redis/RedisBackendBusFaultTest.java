package dev.realtime4j.server.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.ClusterBus;
import dev.realtime4j.api.cluster.ClusterBus.PublishResult;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/** What the bus does when Redis, or the way to it, fails. */
@Isolated("it looks which threads of the process are left")
class RedisBackendBusFaultTest {
  private static final BusSettings QUICK =
      new BusSettings(
          Duration.ofMillis(200),
          1_000,
          1024 * 1024,
          Duration.ofSeconds(5),
          ServerEnvironment.system());
  private static final String CHANNEL = "room:match:42";

  private final Set<Thread> threadsBefore = busThreads();
  private final TestRedis server = TestRedis.start();
  private final RedisBackend cluster = RedisBackend.connect(server.url(), QUICK);
  private final List<ClusterBus> buses = new ArrayList<>();
  private final RecordedBus here = new RecordedBus();
  private final RecordedBus there = new RecordedBus();

  @AfterEach
  void close() {
    buses.forEach(ClusterBus::close);
    cluster.close();
    server.close();
    await().until(() -> threadsBefore.containsAll(busThreads()));
  }

  @Test
  void killed_subscribers_come_back_with_their_subscriptions_and_tell_of_the_gap() {
    ClusterBus bus = started("node-1", here);
    ClusterBus other = started("node-2", there);
    subscribe(other, CHANNEL);

    kill(ClientType.PUBSUB);

    await().until(() -> there.heard.contains("GAP"));
    publish(bus, "hello");
    await().until(() -> there.heard.contains("hello"));
    assertThat(there.heard).containsExactly("AWAY", "GAP", "hello");
    assertThat(other.isConnected()).isTrue();
  }

  @Test
  void a_killed_publisher_comes_back_and_the_others_hear_of_what_may_be_lost() {
    ClusterBus bus = started("node-1", here);
    ClusterBus other = started("node-2", there);
    subscribe(other, CHANNEL);

    await()
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              kill(ClientType.NORMAL);
              publish(bus, "maybe");
              return there.heard.contains("GAP");
            });

    // What is published at the moment of the last kill may be lost as well.
    await()
        .until(
            () -> {
              publish(bus, "hello");
              return there.heard.contains("hello");
            });
    assertThat(there.heard).doesNotContain("AWAY");
  }

  @Test
  void a_server_that_stops_and_starts_again_is_found_again() {
    ClusterBus bus = started("node-1", here);
    ClusterBus other = started("node-2", there);
    subscribe(bus, CHANNEL);
    subscribe(other, CHANNEL);

    server.stop();
    await().until(() -> there.heard.contains("AWAY") && here.heard.contains("AWAY"));
    assertThat(bus.isConnected()).isFalse();
    assertThat(other.subscribe("made while away").toCompletableFuture()).isCompleted();
    other.unsubscribe("never wanted");

    server.startAgain();
    await().until(() -> bus.isConnected() && other.isConnected());
    await().until(() -> there.heard.contains("GAP") && here.heard.contains("GAP"));
    // The publisher may learn of the outage only by the first message that it loses.
    await()
        .until(
            () -> {
              publish(bus, "hello");
              bus.publish("made while away", "hello too".getBytes(StandardCharsets.UTF_8));
              return there.heard.containsAll(List.of("hello", "hello too"));
            });
    publish(bus, "once");
    await().until(() -> there.heard.contains("once"));
    assertThat(there.heard).containsSubsequence("AWAY", "GAP", "hello", "once");
    assertThat(there.heard).filteredOn("once"::equals).hasSize(1);
    assertThat(here.heard).filteredOn("once"::equals).hasSize(1);
  }

  @Test
  void what_the_outgoing_queue_drops_while_redis_is_away_is_said_to_be_lost() {
    ClusterBus bus = started("node-1", here);
    server.stop();
    await().until(() -> here.heard.contains("AWAY"));
    CompletableFuture<PublishResult> first = handover(bus);
    CompletableFuture<PublishResult> last = first;
    while (!first.isDone()) {
      try {
        last = handover(bus);
      } catch (RealtimeException full) {
        // The publisher has not noticed yet; its probe will make it.
        assertThat(full.code()).isEqualTo(ErrorCode.UNAVAILABLE);
      }
    }
    assertThat(first).isCompletedWithValue(PublishResult.LOST);
    bus.close();
    assertThat(last).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(PublishResult.LOST);
  }

  private static CompletableFuture<PublishResult> handover(ClusterBus bus) {
    return bus.publish(CHANNEL, "hello".getBytes(StandardCharsets.UTF_8)).toCompletableFuture();
  }

  @Test
  void a_bus_that_starts_without_redis_says_so_and_tells_of_the_gap_when_it_is_there() {
    server.stop();
    ClusterBus bus = cluster.bus(new ServerId("node-1"));
    buses.add(bus);
    bus.start(here);
    bus.subscribe(CHANNEL);
    await().until(() -> here.heard.contains("AWAY"));

    server.startAgain();

    await().until(() -> here.heard.contains("GAP"));
    assertThat(here.heard).containsExactly("AWAY", "GAP");
    try (UnifiedJedis redis = server.client()) {
      redis.publish("realtime:bus:" + CHANNEL, "\nfrom a script");
    }
    await().until(() -> here.heard.contains("\nfrom a script"));
  }

  @Test
  void a_server_that_answers_nothing_is_noticed_by_the_silence() throws Exception {
    ClusterBus bus = started("node-1", here);
    subscribe(bus, CHANNEL);

    long pid = server.pid();
    signal("STOP", pid);
    try {
      await().atMost(Duration.ofSeconds(10)).until(() -> !bus.isConnected());
      assertThat(here.heard).containsExactly("AWAY");
    } finally {
      signal("CONT", pid);
    }

    await().atMost(Duration.ofSeconds(20)).until(() -> here.heard.contains("GAP"));
    assertThat(bus.isConnected()).isTrue();
  }

  @Test
  void a_bus_closes_within_two_seconds_while_the_server_answers_nothing() throws Exception {
    ClusterBus bus = started("node-1", here);
    subscribe(bus, CHANNEL);
    long pid = server.pid();
    signal("STOP", pid);
    try {
      publish(bus, "into the void");
      org.junit.jupiter.api.Assertions.assertTimeout(Duration.ofSeconds(3), bus::close);
    } finally {
      signal("CONT", pid);
    }
  }

  @Test
  void while_redis_is_away_the_oldest_messages_are_dropped_and_nobody_is_refused() {
    ClusterBus bus = started("node-1", here);
    ClusterBus other = started("node-2", there);
    subscribe(other, CHANNEL);
    server.stop();
    await().until(() -> there.heard.contains("AWAY"));
    await().until(() -> IntStream.range(0, 2_500).allMatch(i -> isTaken(bus, "message " + i)));

    server.startAgain();

    await().until(() -> there.heard.contains("GAP"));
    assertThat(there.heard).doesNotContain("message 0");
    publish(bus, "hello");
    await().until(() -> there.heard.contains("hello"));
  }

  @Test
  void what_waited_too_long_for_redis_is_not_published_any_more() {
    BusSettings impatient =
        new BusSettings(
            Duration.ofMillis(200),
            1_000,
            1024 * 1024,
            Duration.ofMillis(1),
            ServerEnvironment.system());
    try (RedisBackend impatientCluster = RedisBackend.connect(server.url(), impatient)) {
      ClusterBus bus = impatientCluster.bus(new ServerId("node-1"));
      buses.add(bus);
      bus.start(here);
      ClusterBus other = started("node-2", there);
      subscribe(other, CHANNEL);
      server.stop();
      await().until(() -> here.heard.contains("AWAY") && there.heard.contains("AWAY"));
      publish(bus, "old");

      server.startAgain();

      await().until(() -> there.heard.contains("GAP"));
      await()
          .until(
              () -> {
                publish(bus, "new");
                return there.heard.contains("new");
              });
      assertThat(there.heard).doesNotContain("old");
    }
  }

  @Test
  void a_full_queue_refuses_while_redis_takes_messages() {
    BusSettings tiny =
        new BusSettings(
            Duration.ofSeconds(2), 10, 1024, Duration.ofSeconds(5), ServerEnvironment.system());
    try (RedisBackend small = RedisBackend.connect(server.url(), tiny)) {
      ClusterBus bus = small.bus(new ServerId("node-1"));
      buses.add(bus);
      bus.start(here);
      await().until(bus::isConnected);

      String large = "x".repeat(2_000);
      assertThatThrownBy(() -> publish(bus, large))
          .isInstanceOfSatisfying(
              RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }
  }

  @Test
  void what_was_published_before_a_close_still_reaches_the_others() {
    ClusterBus bus = started("node-1", here);
    ClusterBus other = started("node-2", there);
    subscribe(other, CHANNEL);

    List<String> sent = IntStream.range(0, 900).mapToObj(Integer::toString).toList();
    sent.forEach(text -> publish(bus, text));
    bus.close();

    await().until(() -> there.heard.size() == 900);
    assertThat(there.heard).isEqualTo(sent);
  }

  private ClusterBus started(String name, RecordedBus listener) {
    ClusterBus bus = cluster.bus(new ServerId(name));
    buses.add(bus);
    bus.start(listener);
    await().until(bus::isConnected);
    return bus;
  }

  private void kill(ClientType type) {
    try (Jedis redis = new Jedis(server.address())) {
      redis.clientKill(new ClientKillParams().type(type).skipMe(ClientKillParams.SkipMe.YES));
    }
  }

  private static Set<Thread> busThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("realtime-bus"))
        .collect(Collectors.toSet());
  }

  private static void signal(String name, long pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor())
        .isZero();
  }

  private static void subscribe(ClusterBus bus, String channel) {
    assertThat(bus.subscribe(channel).toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
  }

  private static void publish(ClusterBus bus, String text) {
    bus.publish(CHANNEL, text.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isTaken(ClusterBus bus, String text) {
    try {
      publish(bus, text);
      return true;
    } catch (RealtimeException fullUntilTheOutageIsNoticed) {
      return false;
    }
  }
}
