package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Limits over a real socket, each with its status, error or close code. Those of the handshake's
 * decision are in {@link HandshakeTest}, those of messages in {@link SessionWireTest}.
 */
final class LimitsWireTest {
  @SuppressWarnings("NullAway.Init")
  private RealtimeServer server;

  private RealtimeServer start(RealtimeServer.Builder builder) {
    server =
        builder
            .port(0)
            .authenticator(new TestUsers())
            .handler("echo", MethodCall::params)
            .build()
            .start();
    return server;
  }

  private WireClient open(UserId user) {
    WireClient client = WireClient.open(server, user);
    client.event("connected");
    return client;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_request_head_above_the_limit_is_431_and_one_at_it_is_served() throws IOException {
    start(RealtimeServer.builder().maxHandshakeBytes(1024));
    String target = "/ws?token=" + TestUsers.some();
    int room = 1024 - RawHandshake.request(target, "X-Fill: ").length();

    try (RawHandshake fits = new RawHandshake(server.port());
        RawHandshake over = new RawHandshake(server.port())) {
      String filler = "X-Fill: " + "x".repeat(room);
      assertThat(fits.send(target, filler).statusLine()).contains(" 101 ");
      assertThat(over.send(target, filler + "x").statusLine()).contains(" 431 ");
    }
  }

  @Test
  void a_client_that_sends_a_byte_now_and_then_is_408_when_the_time_is_over() throws IOException {
    start(RealtimeServer.builder().handshakeTimeout(Duration.ofSeconds(1)));
    String request = RawHandshake.request("/ws?token=" + TestUsers.some());

    try (RawHandshake slow = new RawHandshake(server.port())) {
      int[] sent = new int[1];
      await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                if (slow.socket().getInputStream().available() > 0) {
                  return true;
                }
                slow.write(request.substring(sent[0], ++sent[0]));
                return false;
              });
      assertThat(slow.readHead().statusLine()).contains(" 408 ");
      assertThat(sent[0]).isLessThan(request.length() - 1).isGreaterThan(3);
    }
  }

  @Test
  void a_socket_that_says_nothing_at_all_is_closed_when_the_time_is_over() throws IOException {
    start(RealtimeServer.builder().handshakeTimeout(Duration.ofMillis(500)));

    try (RawHandshake mute = new RawHandshake(server.port())) {
      assertThat(mute.readHead().head()).isEmpty();
    }
  }

  @Test
  void half_open_sockets_count_and_leave_their_places_when_their_time_is_over() throws IOException {
    start(RealtimeServer.builder().maxSockets(1).handshakeTimeout(Duration.ofMillis(500)));

    try (RawHandshake half = new RawHandshake(server.port())) {
      half.write("GET /ws");
      await()
          .untilAsserted(
              () -> assertThat(refusal("/ws?token=" + TestUsers.some())).contains(" 503 "));
      assertThat(half.readHead().statusLine()).contains(" 408 ");
    }
    await()
        .untilAsserted(
            () -> assertThat(refusal("/ws?token=" + TestUsers.some())).contains(" 101 "));
  }

  private String refusal(String target) throws IOException {
    try (RawHandshake raw = new RawHandshake(server.port())) {
      return raw.send(target).statusLine();
    }
  }

  @Test
  void rooms_of_a_socket_are_limited_and_leaving_makes_room() {
    start(RealtimeServer.builder().maxRoomsPerSocket(2));
    try (WireClient client = open(TestUsers.some())) {
      client.call("room.join", Json.object("room", "a"));
      client.call("room.join", Json.object("room", "b"));
      client.call("room.join", Json.object("room", "b"));

      assertThat(client.error("room.join", Json.object("room", "c")))
          .isEqualTo("RT_LIMIT_EXCEEDED");

      client.call("room.leave", Json.object("room", "a"));
      client.call("room.join", Json.object("room", "c"));
    }
  }

  @Test
  void watched_users_of_a_socket_are_limited_and_unwatching_makes_room() {
    start(RealtimeServer.builder().maxWatchedUsersPerSocket(2));
    List<UserId> users = List.of(TestUsers.some(), TestUsers.some());
    Json another = Json.object("user_ids", List.of(TestUsers.some()));
    try (WireClient client = open(TestUsers.some())) {
      client.call("presence.watch", Json.object("user_ids", users));
      client.call("presence.watch", Json.object("user_ids", users));

      assertThat(client.error("presence.watch", another)).isEqualTo("RT_LIMIT_EXCEEDED");

      client.call("presence.unwatch", Json.object("user_ids", users.subList(0, 1)));
      client.call("presence.watch", another);
    }
  }

  @Test
  void a_call_watches_two_hundred_users_at_most_and_unwatches_no_more() {
    start(RealtimeServer.builder());
    List<UserId> users = Stream.generate(TestUsers::some).limit(201).toList();
    Json tooMany = Json.object("user_ids", users);
    Json most = Json.object("user_ids", users.subList(0, 200));
    try (WireClient client = open(TestUsers.some())) {
      assertThat(client.error("presence.watch", tooMany)).isEqualTo("RT_LIMIT_EXCEEDED");
      assertThat(client.error("presence.get", tooMany)).isEqualTo("RT_LIMIT_EXCEEDED");
      client.call("presence.watch", most);
      assertThat(client.error("presence.unwatch", tooMany)).isEqualTo("RT_LIMIT_EXCEEDED");
      client.call("presence.unwatch", most);
    }
  }

  @Test
  void fifty_users_that_a_call_names_cost_a_message() {
    start(RealtimeServer.builder().messagesPerSecond(1).messageBurst(20));
    Json most = Json.object("user_ids", Stream.generate(TestUsers::some).limit(200).toList());
    for (String method : List.of("presence.get", "presence.watch", "presence.unwatch")) {
      try (WireClient client = open(TestUsers.some())) {
        for (int calls = 0; calls < 5; calls++) {
          client.call(method, most);
        }
        assertThat(client.error(method, most)).isEqualTo("RT_RATE_LIMITED");
      }
    }
  }

  @Test
  void what_too_many_named_users_cost_is_told_with_the_time_until_there_is_enough() {
    start(RealtimeServer.builder().messagesPerSecond(1).messageBurst(5));
    Json most = Json.object("user_ids", Stream.generate(TestUsers::some).limit(200).toList());
    try (WireClient client = open(TestUsers.some())) {
      client.call("presence.get", most);
      client.send(Json.object("id", 7, "method", "presence.get", "params", most).text());
      Json error = client.await(message -> WireClient.text(message, "id").equals("7"));
      String wait = error.text().replaceAll(".*\"retry_after_ms\":(\\d+).*", "$1");
      assertThat(Long.parseLong(wait)).isBetween(1_500L, 4_000L);
    }
  }

  @Test
  void a_flood_closes_the_socket_and_keeps_the_user_out_while_his_other_sockets_stay()
      throws IOException {
    start(
        RealtimeServer.builder()
            .messagesPerSecond(1)
            .messageBurst(5)
            .rateLimitBan(Duration.ofMinutes(1)));
    UserId user = TestUsers.some();
    try (WireClient calm = open(user)) {
      WireClient flood = open(user);

      flood.send("{\"id\":1,\"method\":\"echo\"}\n".repeat(60));

      assertThat(flood.closeCode()).isEqualTo(4429);
      await()
          .untilAsserted(
              () -> {
                try (RawHandshake raw = new RawHandshake(server.port())) {
                  assertThat(raw.send("/ws?token=" + user).head())
                      .contains(" 403 ")
                      .contains("Retry-After: ");
                }
              });
      calm.call("echo", Json.EMPTY);
    }
  }

  @Test
  void a_newcomer_is_503_while_the_node_drains() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    start(
        RealtimeServer.builder()
            .handler(
                "hold",
                call -> {
                  awaitQuietly(release);
                  return Json.EMPTY;
                }));
    WireClient holding = open(TestUsers.some());
    holding.send("{\"method\":\"hold\"}"); // the drain waits for what a client has asked for

    CompletableFuture<Void> draining =
        CompletableFuture.runAsync(() -> server.drain(Duration.ofSeconds(7)));
    assertThat(holding.closeCode()).isEqualTo(1012);

    try (RawHandshake raw = new RawHandshake(server.port())) {
      assertThat(raw.send("/ws?token=" + TestUsers.some()).head())
          .contains(" 503 ")
          .contains("Retry-After: 7");
    } finally {
      release.countDown();
    }
    draining.get(20, TimeUnit.SECONDS);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
