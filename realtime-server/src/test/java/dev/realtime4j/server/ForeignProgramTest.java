package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.server.redis.RedisBackend;
import dev.realtime4j.server.redis.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

/**
 * Another program writes into the keys, and publishes on the channels, of a node: one user or room
 * is hurt, and nobody else.
 */
class ForeignProgramTest {
  private static final String FORGED = "x\n2026-11-28 ERROR \u001b[31mforged";

  private final TestRedis redis = TestRedis.start();
  private final UnifiedJedis foreign = redis.client();
  private final RedisBackend cluster = RedisBackend.connect(redis.url());
  private final UserId hurt = TestUsers.some();
  private final UserId well = TestUsers.some();
  private final RealtimeServer server =
      RealtimeServer.builder()
          .port(0)
          .authenticator(new TestUsers())
          .cluster(cluster)
          .messagesPerSecond(10_000)
          .handler("echo", MethodCall::params)
          .build()
          .start();

  @AfterEach
  void close() {
    server.close();
    cluster.close();
    foreign.close();
    redis.close();
  }

  private WireClient open(UserId user) {
    WireClient client = WireClient.open(server, user);
    client.event("connected");
    return client;
  }

  @Test
  void a_damaged_user_and_room_make_neither_the_stores_unavailable_nor_others_wait() {
    try (CapturedLog log = CapturedLog.open();
        WireClient victim = open(hurt);
        WireClient other = open(well)) {
      victim.call("room.join", Json.object("room", "damaged"));
      for (String key : foreign.keys("*")) {
        foreign.del(key);
        foreign.set(key, FORGED);
      }
      Json both = Json.object("user_ids", List.of(hurt, well));

      assertThat(victim.call("presence.get", both).fields()).doesNotContainKey("stale");
      assertThat(other.call("presence.watch", both).fields()).doesNotContainKey("stale");
      victim.call("presence.set", Json.object("status", "BUSY"));
      other.call("presence.set", Json.object("status", "BUSY"));
      other.call("room.join", Json.object("room", "another"));
      victim.call("room.members", Json.object("room", "damaged"));
      victim.call("room.leave", Json.object("room", "damaged"));
      open(TestUsers.some()).close();

      assertThat(server.health().status()).isEqualTo(HealthReport.Status.UP);
      assertThat(other.call("echo", both)).isEqualTo(both);
      assertThat(log.from(Level.ERROR)).isEmpty();
      assertThat(log.from(Level.INFO))
          .noneMatch(line -> line.contains("away"))
          .noneMatch(line -> line.contains("\n") || line.contains("\u001b"));
    }
  }

  @Test
  void rubbish_on_every_channel_is_dropped_and_told_once() {
    RoomName room = RoomName.of("heard");
    try (CapturedLog log = CapturedLog.open();
        WireClient victim = open(hurt);
        WireClient other = open(well)) {
      for (WireClient client : List.of(victim, other)) {
        client.call("room.join", Json.object("room", room));
        client.call("presence.watch", Json.object("user_ids", List.of(hurt, well)));
      }
      victim.drain();
      other.drain();
      List<String> channels =
          List.of("commands", "user:" + hurt, "presence:" + hurt, "room:" + room);
      for (int i = 0; i < 20; i++) {
        channels.forEach(channel -> rubbish().forEach(bytes -> publish(channel, bytes)));
        rubbish().forEach(bytes -> foreign.publish("realtime:bus-lost".getBytes(), bytes));
      }
      server.rooms().publish(room, "last", Json.EMPTY);
      server.rooms().publishToUser(hurt, "last", Json.EMPTY);

      victim.event("last");
      other.event("last");
      victim.event("last");
      assertThat(victim.drain()).isEmpty();
      assertThat(other.drain()).isEmpty();
      other.call("presence.set", Json.object("status", "BUSY"));
      assertThat(victim.event("presence.changed").text()).contains(well.toString(), "BUSY");
      await().until(() -> log.from(Level.WARN).size() >= 4);
      assertThat(log.from(Level.WARN).size()).isLessThanOrEqualTo(7);
      assertThat(log.exceptions()).isEmpty();
      assertThat(log.from(Level.INFO))
          .noneMatch(line -> line.contains("\n") || line.contains("\u001b"))
          .noneMatch(line -> line.contains("caught up"));
      assertThat(server.health().status()).isEqualTo(HealthReport.Status.UP);
    }
  }

  private void publish(String channel, byte[] message) {
    byte[] origin = "other\n".getBytes(StandardCharsets.UTF_8);
    byte[] both = new byte[origin.length + message.length];
    System.arraycopy(origin, 0, both, 0, origin.length);
    System.arraycopy(message, 0, both, origin.length, message.length);
    byte[] name = ("realtime:bus:" + channel).getBytes(StandardCharsets.UTF_8);
    foreign.publish(name, both);
    foreign.publish(name, message);
  }

  /** None of it is like an event, which whoever can publish may send to anybody. */
  private List<byte[]> rubbish() {
    byte[] random = new byte[1000];
    new Random(1).nextBytes(random);
    return List.of(
        new byte[0],
        new byte[] {'\n'},
        random,
        bytes("\n{\"event\":\"room.x\",\"data\":{\"a\":"),
        bytes("[1,2]"),
        bytes("{\"user_id\":7,\"status\":\"ONLINE\",\"version\":1}".substring(1)),
        bytes("[".repeat(100_000)),
        bytes("{\"command\":\"" + "x\\n\\u001b[31mforged" + "\",\"params\":[]} "),
        bytes(
            "{\"command\":\"ban\",\"params\":{\"user_id\":\""
                + hurt
                + "\",\"reach\":\"x\\n\",\"until_ms\":1}} "),
        bytes("{\"command\":\"disconnect\",\"params\":{\"user_id\":\"x\\n\"}} "),
        bytes(
            "{\"user_id\":\""
                + UUID.randomUUID()
                + "\",\"status\":\"BUSY\",\"version\":9223372036854775807} "));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void a_message_that_looks_like_a_change_does_not_stop_those_that_follow() {
    BiConsumer<UserId, Long> forge =
        (user, version) ->
            publish(
                "presence:" + hurt,
                bytes(
                    "{\"user_id\":\""
                        + user
                        + "\",\"status\":\"BUSY\",\"last_seen\":null,\"version\":"
                        + version
                        + "}"));
    try (WireClient victim = open(hurt);
        WireClient other = open(well)) {
      other.call("presence.watch", Json.object("user_ids", List.of(hurt)));

      forge.accept(hurt, Long.MAX_VALUE);
      forge.accept(well, 5L);
      forge.accept(hurt, -5L);

      victim.call("presence.set", Json.object("status", "BUSY"));
      assertThat(other.event("presence.changed").text()).contains(hurt.toString(), "BUSY");
      victim.call("presence.set", Json.object("status", "ONLINE"));
      assertThat(other.event("presence.changed").text()).contains(hurt.toString(), "ONLINE");
    }
  }

  @Test
  void ten_mebibytes_for_a_room_hurt_nobody_outside_of_it() {
    try (WireClient other = open(well)) {
      publish("commands", bytes("x".repeat(10 << 20)));
      publish("user:" + well, bytes("x".repeat(10 << 20)));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> other.call("echo", Json.EMPTY).equals(Json.EMPTY));
      assertThat(server.health().status()).isEqualTo(HealthReport.Status.UP);
    }
  }
}
