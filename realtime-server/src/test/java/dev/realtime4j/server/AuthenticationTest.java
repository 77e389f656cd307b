package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Authenticator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Authenticators that are slow, fail, or hang, over real sockets. */
final class AuthenticationTest {
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger interrupted = new AtomicInteger();
  private final TestUsers users = new TestUsers();

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer server;

  /** Hangs for tokens that begin with {@code slow}, fails for {@code fails}. */
  private final Authenticator moody =
      handshake -> {
        String token = handshake.token().orElse("");
        if (token.startsWith("slow")) {
          try {
            release.await();
          } catch (InterruptedException e) {
            interrupted.incrementAndGet();
            throw new IllegalStateException("interrupted with " + token, e);
          }
        }
        switch (token) {
          case "fails" -> throw new IllegalStateException("no answer for " + token);
          case "breaks" -> throw new StackOverflowError(token);
          case "away" ->
              throw RealtimeException.unavailable("the login server is unavailable", null);
          case "limit" -> throw new RealtimeException(ErrorCode.LIMIT_EXCEEDED, "odd");
          case "no" -> throw new RealtimeException(ErrorCode.FORBIDDEN, "not you");
          default -> {
            return users.authenticate(handshake);
          }
        }
      };

  private void start(RealtimeServer.Builder builder) {
    server =
        builder.port(0).authenticator(moody).handler("echo", MethodCall::params).build().start();
  }

  @AfterEach
  void stop() {
    release.countDown();
    server.close();
  }

  private String refusal(String token) throws IOException {
    try (RawHandshake request = RawHandshake.begin(server, "/ws?token=" + token)) {
      return request.answer();
    }
  }

  @Test
  void whatever_an_authenticator_throws_has_its_status() throws IOException {
    start(RealtimeServer.builder());

    assertThat(refusal("nonsense")).startsWith("HTTP/1.1 401 ").contains("RT_UNAUTHORIZED");
    assertThat(refusal("no")).startsWith("HTTP/1.1 403 ").contains("RT_FORBIDDEN", "not you");
    assertThat(refusal("away"))
        .startsWith("HTTP/1.1 503 ")
        .contains("the login server is unavailable");
    for (String token : List.of("fails", "breaks", "limit")) {
      assertThat(refusal(token))
          .startsWith("HTTP/1.1 503 ")
          .contains("RT_UNAVAILABLE", "Retry-After: 1")
          .doesNotContain("no answer for", "odd");
    }
    try (WireClient client = WireClient.open(server, TestUsers.some())) {
      client.event("connected");
    }
  }

  @Test
  void a_token_that_the_authenticator_calls_expired_itself_is_401() throws IOException {
    start(RealtimeServer.builder());

    assertThat(refusal(TestUsers.some() + "!-1")).startsWith("HTTP/1.1 401 ").contains("expired");
  }

  @Test
  void many_that_hang_delay_neither_other_handshakes_nor_the_calls_of_open_sockets()
      throws IOException {
    start(RealtimeServer.builder().workerThreads(1).authenticatorThreads(40));
    try (WireClient before = WireClient.open(server, TestUsers.some())) {
      before.event("connected");
      List<RawHandshake> hanging = new ArrayList<>();
      for (int i = 0; i < 39; i++) {
        hanging.add(RawHandshake.begin(server, "/ws?token=slow" + i));
      }

      before.call("echo", Json.EMPTY);
      try (WireClient after = WireClient.open(server, TestUsers.some())) {
        after.event("connected");
        after.call("echo", Json.EMPTY);
      }
      for (RawHandshake request : hanging) {
        request.close();
      }
    }
  }

  @Test
  void one_that_hangs_is_interrupted_at_the_deadline_and_answered_with_503() throws IOException {
    start(
        RealtimeServer.builder().handshakeTimeout(Duration.ofMillis(1500)).authenticatorThreads(1));

    assertThat(refusal("slow")).startsWith("HTTP/1.1 503 ").contains("Retry-After: 1");
    await().until(() -> interrupted.get() == 1);
    // The only thread is free again.
    try (WireClient client = WireClient.open(server, TestUsers.some())) {
      client.event("connected");
    }
  }

  @Test
  void a_place_of_the_address_is_free_again_after_every_kind_of_failure() throws IOException {
    start(RealtimeServer.builder().maxSocketsPerAddress(1).handshakeTimeout(Duration.ofSeconds(2)));

    for (String token : List.of("nonsense", "fails", "breaks", "no", "slow", "away")) {
      // Who was refused may know it before the server has closed what it refused.
      await().until(() -> !refusal(token).startsWith("HTTP/1.1 429 "));
    }
    // A hanging one frees its place at the latest a second after its deadline.
    await().until(() -> refusal("nonsense").startsWith("HTTP/1.1 401 "));
  }

  @Test
  void a_refresh_that_hangs_delays_no_other_call_and_ends_at_the_deadline() {
    start(RealtimeServer.builder().workerThreads(1).handshakeTimeout(Duration.ofMillis(1500)));
    UserId user = TestUsers.some();
    try (WireClient client = WireClient.open(server, user)) {
      client.event("connected");
      client.send("{\"id\":1001,\"method\":\"auth.refresh\",\"params\":{\"token\":\"slow\"}}");

      assertThat(client.error("auth.refresh", Json.object("token", user)))
          .isEqualTo("RT_RATE_LIMITED");
      client.call("echo", Json.EMPTY);
      Json answer = client.await(message -> WireClient.text(message, "id").equals("1001"));
      assertThat(answer.text()).contains("RT_UNAVAILABLE", "took too long");
      // And the next one is checked.
      client.call("auth.refresh", Json.object("token", user + "!60000"));
    }
  }

  @Test
  void a_refresh_that_fails_leaves_the_socket_as_it_was() {
    start(RealtimeServer.builder());
    UserId user = TestUsers.some();
    try (WireClient client = WireClient.open(server, user)) {
      client.event("connected");

      assertThat(client.error("auth.refresh", Json.object("token", "fails")))
          .isEqualTo("RT_UNAVAILABLE");
      assertThat(client.error("auth.refresh", Json.object("token", "nonsense")))
          .isEqualTo("RT_UNAUTHORIZED");
      assertThat(client.error("auth.refresh", Json.object("token", TestUsers.some())))
          .isEqualTo("RT_FORBIDDEN");
      assertThat(client.error("auth.refresh", Json.object("token", user + "!-1")))
          .isEqualTo("RT_UNAUTHORIZED");
      assertThat(client.error("auth.refresh", Json.EMPTY)).isEqualTo("RT_BAD_REQUEST");
      assertThat(client.error("auth.refresh", Json.object("token", 7))).isEqualTo("RT_BAD_REQUEST");
      client.call("echo", Json.EMPTY);
    }
  }

  @Test
  void a_server_that_stops_does_not_wait_for_a_check_that_hangs() throws Exception {
    start(RealtimeServer.builder());
    try (RawHandshake hanging = RawHandshake.begin(server, "/ws?token=slow")) {
      CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close);

      assertThat(hanging.answer()).matches("(?s)(HTTP/1.1 503 .*)?");
      stopped.join();
    }
    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("realtime-")));
  }
}
