package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One socket: calls, limits, heartbeat, token, closing. */
final class SessionWireTest {
  @SuppressWarnings("NullAway.Init")
  private RealtimeServer server;

  private RealtimeServer.Builder builder() {
    return RealtimeServer.builder()
        .port(0)
        .authenticator(new TestUsers())
        .handler("echo", MethodCall::params);
  }

  private WireClient start(RealtimeServer.Builder builder) {
    server = builder.build().start();
    return open(TestUsers.some());
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
  void a_method_of_the_host_gets_its_params_back_as_they_came() {
    try (WireClient client = start(builder())) {
      Json params = Json.parse("{\"a\":[1,2,{\"b\":\"\\u00e4\\n\"}],\"n\":12345678901234567890}");

      assertThat(client.call("echo", params)).isEqualTo(params);
    }
  }

  @Test
  void an_unknown_method_and_bad_params_are_errors_with_a_code() {
    try (WireClient client = start(builder())) {
      assertThat(client.error("no.such.method", Json.EMPTY)).isEqualTo("RT_UNKNOWN_METHOD");
      assertThat(client.error("room.join", Json.EMPTY)).isEqualTo("RT_BAD_REQUEST");
      assertThat(client.error("room.join", Json.object("room", "user:x")))
          .isEqualTo("RT_INVALID_CHANNEL");
      assertThat(client.error("notification.read", Json.object("id", "nonsense")))
          .isEqualTo("RT_BAD_REQUEST");
      assertThat(client.error("notification.list", Json.object("limit", 101)))
          .isEqualTo("RT_BAD_REQUEST");
    }
  }

  @Test
  void an_error_inside_a_handler_is_internal_and_the_socket_lives_on() {
    try (WireClient client =
        start(
            builder()
                .handler(
                    "boom",
                    call -> {
                      throw new StackOverflowError("secret");
                    }))) {
      assertThat(client.error("boom", Json.EMPTY)).isEqualTo("RT_INTERNAL");
      assertThat(client.call("echo", Json.EMPTY)).isEqualTo(Json.EMPTY);
    }
  }

  @Test
  void the_messages_of_one_socket_are_handled_in_the_order_sent() {
    LinkedBlockingQueue<String> order = new LinkedBlockingQueue<>();
    try (WireClient client =
        start(
            builder()
                .messagesPerSecond(10_000)
                .handler(
                    "note",
                    call -> {
                      order.add(call.params().text());
                      return Json.EMPTY;
                    }))) {
      StringBuilder several = new StringBuilder();
      for (int i = 0; i < 500; i++) {
        several.append("{\"method\":\"note\",\"params\":{\"i\":").append(i).append("}}\n");
      }
      client.send(several.toString());
      client.call("echo", Json.EMPTY);

      assertThat(order).hasSize(500);
      for (int i = 0; i < 500; i++) {
        assertThat(order.poll()).isEqualTo("{\"i\":" + i + "}");
      }
    }
  }

  @Test
  void repeated_unreadable_messages_are_answered_and_then_close_the_socket() {
    try (WireClient client = start(builder())) {
      for (String nonsense : List.of("x", "[1]", "{\"id\":-1,\"method\":\"echo\"}", "{\"a\":1}")) {
        client.send(nonsense);
        Json error = client.await(message -> message.fields().containsKey("error"));
        assertThat(error.text()).contains("RT_BAD_REQUEST");
      }
      client.send("\"fifth\"");

      assertThat(client.closeCode()).isEqualTo(4400);
    }
  }

  @Test
  void a_message_that_is_too_big_closes_with_1009() {
    try (WireClient client = start(builder().maxMessageBytes(2048))) {
      // Refused by its header already, so the sending itself may fail.
      String big = "{\"method\":\"echo\",\"params\":{\"p\":\"" + "x".repeat(4096) + "\"}}";
      client.socket().sendText(big, true);

      assertThat(client.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void above_the_rate_a_message_is_dropped_and_who_keeps_on_is_closed_and_banned() {
    WireClient client = start(builder().messagesPerSecond(1).messageBurst(5));
    for (int i = 1; i <= 6; i++) {
      client.send("{\"id\":" + (1000 + i) + ",\"method\":\"echo\"}");
    }
    Json refused = client.await(message -> message.fields().containsKey("error"));
    assertThat(WireClient.text(refused, "id")).isEqualTo("1006");
    assertThat(refused.text()).contains("RT_RATE_LIMITED").contains("retry_after_ms");

    client.send("{\"id\":1,\"method\":\"echo\"}\n".repeat(50));

    assertThat(client.closeCode()).isEqualTo(4429);
  }

  @Test
  void a_silent_socket_is_asked_and_then_closed_with_4408() throws Exception {
    WireClient talking =
        start(
            builder()
                .heartbeatInterval(Duration.ofMillis(300))
                .heartbeatTimeout(Duration.ofMillis(300)));
    try (RawSilence silent = RawSilence.open(server, TestUsers.some())) {
      assertThat(silent.readUntilClosed()).contains("{}").contains("no heartbeat");
      talking.call("echo", Json.EMPTY);
    }
    talking.close();
  }

  @Test
  void the_oldest_socket_of_a_user_gives_way() {
    WireClient first = start(builder().maxSocketsPerUser(2));
    UserId user = TestUsers.some();
    WireClient oldest = open(user);
    try (WireClient second = open(user);
        WireClient third = open(user)) {
      assertThat(oldest.closeCode()).isEqualTo(4409);
      second.call("echo", Json.EMPTY);
      third.call("echo", Json.EMPTY);
    }
    first.close();
  }

  @Test
  void an_expiring_token_is_announced_refreshed_and_otherwise_ends_the_socket() {
    start(builder().tokenGrace(Duration.ofSeconds(3))).close();
    UserId user = TestUsers.some();
    try (WireClient kept = WireClient.open(server, user, "!300");
        WireClient lost = WireClient.open(server, user, "!300")) {
      assertThat(kept.event("token_expired").text()).isEqualTo("{\"grace_ms\":3000}");
      assertThat(kept.error("auth.refresh", Json.object("token", TestUsers.some())))
          .isEqualTo("RT_FORBIDDEN");
      assertThat(kept.error("auth.refresh", Json.object("token", "nonsense")))
          .isEqualTo("RT_UNAUTHORIZED");
      Json renewed = kept.call("auth.refresh", Json.object("token", user + "!3600000"));
      assertThat(WireClient.text(renewed, "token_expires_at")).endsWith("Z");

      assertThat(lost.closeCode()).isEqualTo(4401);
      kept.call("echo", Json.EMPTY);
    }
  }

  @Test
  void listeners_of_the_host_hear_each_socket_once_and_cannot_hurt() throws Exception {
    LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    ConnectionListener failing =
        new ConnectionListener() {
          @Override
          public void onConnect(UserId user, dev.realtime4j.api.SocketId socket) {
            throw new IllegalStateException("a host's mistake");
          }
        };
    ConnectionListener noting =
        new ConnectionListener() {
          @Override
          public void onConnect(UserId user, dev.realtime4j.api.SocketId socket) {
            heard.add("connect " + user);
          }

          @Override
          public void onDisconnect(
              UserId user, dev.realtime4j.api.SocketId socket, int code, String reason) {
            heard.add("disconnect " + user + " " + code);
          }
        };
    server = builder().listener(failing).listener(noting).build().start();
    UserId user = TestUsers.some();
    open(user).close();

    assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("connect " + user);
    assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("disconnect " + user + " 1000");
    server.close();
    assertThat(heard).isEmpty();
  }

  @Test
  void draining_says_when_to_come_back_closes_with_1012_and_leaves_no_thread() {
    WireClient client = start(builder());

    server.drain(Duration.ofSeconds(5));

    long back =
        Long.parseLong(WireClient.text(client.event("server.draining"), "reconnect_after_ms"));
    assertThat(back).isBetween(0L, 5000L);
    assertThat(client.closeCode()).isEqualTo(1012);
    assertThat(server.health().status()).isEqualTo(HealthReport.Status.DRAINING);
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("realtime-")));
  }

  @Test
  void a_handler_that_blocks_delays_its_own_socket_only() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    WireClient stuck =
        start(
            builder()
                .handler(
                    "stuck",
                    call -> {
                      try {
                        release.await();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                      return Json.EMPTY;
                    }));
    stuck.send("{\"id\":1,\"method\":\"stuck\"}");
    try (WireClient other = open(TestUsers.some())) {
      other.call("echo", Json.EMPTY);
    } finally {
      release.countDown();
    }
    stuck.await(message -> message.fields().containsKey("result"));
    stuck.close();
  }

  @Test
  void disconnect_closes_all_sockets_of_the_user_and_nobody_elses() {
    WireClient other = start(builder());
    UserId user = TestUsers.some();
    WireClient one = open(user);
    WireClient two = open(user);

    server.disconnect(user, "logged out");

    assertThat(one.closeCode()).isEqualTo(4403);
    assertThat(two.closeCode()).isEqualTo(4403);
    other.call("echo", Json.EMPTY);
    other.close();
  }
}
