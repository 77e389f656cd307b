package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.notification.OutboxBacklog;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomPolicy;
import dev.realtime4j.server.memory.InMemoryNotificationRepository;
import dev.realtime4j.server.redis.RedisBackend;
import dev.realtime4j.server.redis.TestRedis;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node serves its own sockets by itself, on a Redis that fails and brings back what it sends. */
class LocalFirstTest {
  private static final RoomName LOBBY = RoomName.of("lobby");

  private final TestRedis redis = TestRedis.start();
  private final RedisBackend cluster = RedisBackend.connect(redis.url());
  private final NotificationRepository store = InMemoryNotificationRepository.create();
  private final RealtimeServer server = node("here", cluster);
  private final UserId anna = TestUsers.some();

  private RealtimeServer node(String name, RedisBackend backend) {
    return RealtimeServer.builder()
        .port(0)
        .serverId(new ServerId(name))
        .authenticator(new TestUsers())
        .cluster(backend)
        .notifications(store)
        .roomPolicy(RoomPolicy.open())
        .relayLease(Duration.ofMillis(200))
        .messagesPerSecond(1000)
        .handler("echo", MethodCall::params)
        .build()
        .start();
  }

  @AfterEach
  void close() {
    server.close();
    cluster.close();
    redis.close();
  }

  private WireClient open(RealtimeServer on) {
    WireClient client = WireClient.open(on, anna);
    client.event("connected");
    client.call("room.join", Json.object("room", LOBBY));
    client.call("presence.watch", Json.object("user_ids", List.of(anna)));
    return client;
  }

  private NotificationId send() {
    return server.notifications().send(NewNotification.to(anna).title("n").build()).id();
  }

  /** The very next message is this event. */
  private static Json next(WireClient client, String event) {
    Json message = client.await(any -> true);
    assertThat(WireClient.text(message, "event")).as(message.text()).isEqualTo(event);
    return message.fields().getOrDefault("data", Json.NULL);
  }

  @Test
  void while_redis_is_away_the_nodes_own_sockets_hear_everything_once_and_the_outbox_waits() {
    try (WireClient first = open(server);
        WireClient second = open(server)) {
      List<WireClient> both = List.of(first, second);
      both.forEach(WireClient::drain);
      redis.stop();
      await().until(() -> server.health().status() == HealthReport.Status.DEGRADED);

      server.rooms().publish(LOBBY, "tick", Json.EMPTY);
      both.forEach(client -> next(client, "tick"));
      server.rooms().publishToUser(anna, "tock", Json.EMPTY);
      both.forEach(client -> next(client, "tock"));
      NotificationId sent = send();
      for (WireClient client : both) {
        assertThat(WireClient.text(next(client, "notification.new"), "id"))
            .isEqualTo(sent.toString());
      }
      server.notifications().read(anna, sent);
      both.forEach(client -> next(client, "notification.read"));
      assertThat(store.outboxBacklog().waiting()).as("the others do not have it").isOne();
      try (WireClient newcomer = WireClient.open(server, TestUsers.some())) {
        newcomer.call("room.join", Json.object("room", LOBBY));
        both.forEach(client -> next(client, "room.user_joined"));
      }
      both.forEach(client -> next(client, "room.user_left"));

      redis.startAgain();

      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> store.outboxBacklog().equals(OutboxBacklog.EMPTY));
      for (WireClient client : both) {
        assertThat(client.drain())
            .noneMatch(message -> message.text().contains("notification.new"))
            .noneMatch(message -> message.text().contains("tick"))
            .noneMatch(message -> message.text().contains("tock"));
      }
    }
  }

  @Test
  void what_redis_brings_back_to_the_node_that_sent_it_is_heard_once() {
    try (RealtimeServer other = node("there", cluster);
        WireClient here = open(server);
        WireClient there = open(other)) {
      List<WireClient> both = List.of(here, there);
      both.forEach(WireClient::drain);
      for (int i = 0; i < 50; i++) {
        server.rooms().publish(LOBBY, "tick", Json.object("n", i));
      }
      for (WireClient client : both) {
        for (int i = 0; i < 50; i++) {
          assertThat(next(client, "tick").text()).isEqualTo("{\"n\":" + i + "}");
        }
      }
      NotificationId sent = send();
      for (WireClient client : both) {
        assertThat(WireClient.text(next(client, "notification.new"), "id"))
            .isEqualTo(sent.toString());
      }

      other.rooms().publish(LOBBY, "fence", Json.EMPTY); // Redis had all the others before.

      both.forEach(client -> next(client, "fence"));
      both.forEach(client -> assertThat(client.drain()).isEmpty());
    }
  }
}
