package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The table of refusals, and the first message, with clients that are not ours. */
final class HandshakeTest {
  @SuppressWarnings("NullAway.Init")
  private RealtimeServer server;

  private RealtimeServer start(RealtimeServer.Builder builder) {
    server = builder.port(0).authenticator(new TestUsers()).build().start();
    return server;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String request(String target, String... headers) throws IOException {
    try (RawHandshake request = RawHandshake.begin(server, target, headers)) {
      return request.answer();
    }
  }

  @Test
  void no_token_or_a_bad_one_is_401_with_a_problem_body() throws IOException {
    start(RealtimeServer.builder());

    for (String target : List.of("/ws", "/ws?token=", "/ws?token=nonsense")) {
      String answer = request(target);

      assertThat(answer).startsWith("HTTP/1.1 401 ");
      assertThat(answer).contains("application/problem+json").contains("RT_UNAUTHORIZED");
      assertThat(answer).doesNotContain("nonsense");
    }
  }

  @Test
  void another_path_is_404() throws IOException {
    start(RealtimeServer.builder());

    assertThat(request("/other?token=" + TestUsers.some())).startsWith("HTTP/1.1 404 ");
  }

  @Test
  void an_origin_that_is_not_listed_is_403() throws IOException {
    start(RealtimeServer.builder().allowedOrigins(Set.of("https://app.example")));

    String target = "/ws?token=" + TestUsers.some();
    assertThat(request(target, "Origin: https://evil.example")).startsWith("HTTP/1.1 403 ");
    try (WireClient program = WireClient.open(server, TestUsers.some())) {
      assertThat(program.event("connected").isObject()).isTrue();
    }
  }

  @Test
  void a_banned_user_is_403_while_it_lasts() throws IOException {
    start(RealtimeServer.builder());
    UserId user = TestUsers.some();
    try (WireClient client = WireClient.open(server, user)) {
      client.event("connected");

      server.ban(user, Duration.ofMinutes(1), "enough");

      assertThat(client.closeCode()).isEqualTo(4403);
    }
    assertThat(request("/ws?token=" + user)).startsWith("HTTP/1.1 403 ");
  }

  @Test
  void too_many_sockets_from_one_address_are_429_until_one_closes() throws IOException {
    start(RealtimeServer.builder().maxSocketsPerAddress(1));
    WireClient only = WireClient.open(server, TestUsers.some());
    only.event("connected");

    assertThat(request("/ws?token=" + TestUsers.some())).startsWith("HTTP/1.1 429 ");

    only.close();
    try (WireClient next = WireClient.open(server, TestUsers.some())) {
      next.event("connected");
    }
  }

  @Test
  void the_address_is_the_clients_own_behind_a_trusted_proxy_only() throws IOException {
    start(RealtimeServer.builder().maxSocketsPerAddress(1).trustedProxies(Set.of("127.0.0.1")));
    try (WireClient direct = WireClient.open(server, TestUsers.some())) {
      direct.event("connected");
      String target = "/ws?token=nonsense";

      assertThat(request(target, "X-Forwarded-For: 10.1.1.1")).startsWith("HTTP/1.1 401 ");
      assertThat(request(target)).startsWith("HTTP/1.1 429 ");
    }
  }

  @Test
  void the_forwarded_address_is_the_one_that_is_counted_and_logged() throws Exception {
    start(RealtimeServer.builder().maxSocketsPerAddress(1).trustedProxies(Set.of("127.0.0.0/8")));
    UserId user = TestUsers.some();
    String target = "/ws?token=" + user;
    RawHandshake first =
        RawHandshake.begin(server, target, "Forwarded: for=1.1.1.1, for=\"[2001:db9::1]:99\"");
    try {
      await().until(() -> server.stats().sockets() == 1);

      // The same /64, and a made-up address in front.
      assertThat(request("/ws?token=x", "X-Forwarded-For: 1.1.1.1, 2001:db9::2"))
          .startsWith("HTTP/1.1 429 ");
      assertThat(request("/ws?token=x", "X-Forwarded-For: 2001:db9:0:1::2"))
          .startsWith("HTTP/1.1 401 ");
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          server.connectionLog().connections(user, PageRequest.first(10)).items())
                      .extracting(entry -> entry.remoteAddress().getHostAddress())
                      .containsExactly("2001:db9:0:0:0:0:0:1"));
    } finally {
      first.close();
    }
  }

  @Test
  void a_full_node_is_503_with_retry_after() throws IOException {
    start(RealtimeServer.builder().maxSockets(1));
    try (WireClient only = WireClient.open(server, TestUsers.some())) {
      only.event("connected");

      assertThat(request("/ws?token=" + TestUsers.some()))
          .startsWith("HTTP/1.1 503 ")
          .contains("Retry-After:");
    }
  }

  @Test
  void connected_says_everything_that_the_protocol_names() {
    start(RealtimeServer.builder());
    UserId user = TestUsers.some();
    try (WireClient client = WireClient.open(server, user)) {
      Json connected = client.event("connected");

      assertThat(connected.fields().keySet())
          .containsExactlyInAnyOrder(
              "socket_id",
              "server_id",
              "user_id",
              "protocol",
              "heartbeat_interval_ms",
              "heartbeat_timeout_ms",
              "token_expires_at",
              "rooms",
              "unread",
              "missed",
              "cursor",
              "server_time");
      assertThat(WireClient.text(connected, "user_id")).isEqualTo(user.toString());
      assertThat(WireClient.text(connected, "protocol")).isEqualTo("1");
      assertThat(WireClient.text(connected, "heartbeat_interval_ms")).isEqualTo("25000");
      assertThat(WireClient.text(connected, "rooms")).isEqualTo("[\"user:" + user + "\"]");
      assertThat(WireClient.text(connected, "unread")).isEqualTo("{\"count\":0,\"capped\":false}");
      assertThat(WireClient.text(connected, "missed")).isEqualTo("null");
    }
  }

  @Test
  void the_token_may_come_as_a_sub_protocol_and_only_ours_is_answered() {
    start(RealtimeServer.builder());

    try (WireClient client =
        WireClient.openWithProtocols(server, "realtime.v1", "bearer." + TestUsers.some())) {
      assertThat(client.protocol()).isEqualTo("realtime.v1");
      client.event("connected");
    }
  }
}
