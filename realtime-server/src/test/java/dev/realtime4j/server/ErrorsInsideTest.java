package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Authenticator;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What breaks inside: the node says so, keeps serving who is connected, and recovers by itself. */
final class ErrorsInsideTest {
  private static final String POISON = "/ws?token=poison";

  private final CapturedLog log = CapturedLog.open();

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer server;

  private RealtimeServer.Builder builder(Authenticator authenticator) {
    return RealtimeServer.builder()
        .port(0)
        .authenticator(authenticator)
        .handler("echo", MethodCall::params);
  }

  private WireClient open(UserId user) {
    WireClient client = WireClient.open(server, user);
    client.event("connected");
    return client;
  }

  private String asked(String target) throws IOException {
    try (RawHandshake raw = new RawHandshake(server.port())) {
      return raw.send(target).statusLine();
    }
  }

  @AfterEach
  void stop() {
    server.close();
    log.close();
  }

  @Test
  void a_token_that_ends_after_the_end_of_all_calendars_never_ends() {
    server =
        builder(
                handshake ->
                    new Principal(
                        new TestUsers().authenticate(handshake).userId(), Set.of(), Instant.MAX))
            .build()
            .start();
    for (int i = 0; i < 10; i++) {
      try (WireClient client = WireClient.open(server, TestUsers.some())) {
        assertThat(WireClient.text(client.event("connected"), "token_expires_at"))
            .isEqualTo("null");
      }
    }
  }

  @Test
  void an_error_in_a_handler_or_a_policy_is_internal_and_logged_and_the_socket_lives_on() {
    server =
        builder(new TestUsers())
            .handler(
                "boom",
                call -> {
                  throw new OutOfMemoryError("a test");
                })
            .roomPolicy(new ThrowingPolicy())
            .build()
            .start();
    try (WireClient client = open(TestUsers.some())) {
      assertThat(client.error("boom", Json.EMPTY)).isEqualTo("RT_INTERNAL");
      assertThat(client.error("room.join", Json.object("room", "r"))).isEqualTo("RT_INTERNAL");

      client.call("echo", Json.EMPTY);
      assertThat(log.from(Level.ERROR))
          .anyMatch(line -> line.startsWith("Method boom failed"))
          .anyMatch(line -> line.startsWith("Method room.join failed"));
      assertThat(server.stats().methodFailures()).isEqualTo(2);
    }
  }

  @Test
  void what_a_client_sent_forges_no_line_by_the_exception_that_quotes_it() {
    server =
        builder(new TestUsers())
            .handler("number", call -> Json.of(Long.parseLong(call.params().fields().toString())))
            .build()
            .start();
    try (WireClient client = open(TestUsers.some())) {
      Json forging = Json.object("x", "\n2026-11-28 ERROR forged\u001b[31m");

      assertThat(client.error("number", Json.object("n", forging))).isEqualTo("RT_INTERNAL");
    }
    assertThat(log.everything())
        .anyMatch(text -> text.contains("NumberFormatException: For input string: "))
        .noneMatch(text -> text.contains("\n2026") || text.contains("\u001b"));
  }

  @Test
  void an_error_in_the_authenticator_is_503_for_that_handshake_alone() throws IOException {
    Authenticator users = new TestUsers();
    server =
        builder(
                handshake -> {
                  if (handshake.token().orElse("").equals("poison")) {
                    throw new StackOverflowError("a test");
                  }
                  return users.authenticate(handshake);
                })
            .build()
            .start();
    try (WireClient client = open(TestUsers.some())) {
      assertThat(asked(POISON)).contains(" 503 ");
      assertThat(asked("/ws?token=" + TestUsers.some())).contains(" 101 ");
      client.call("echo", Json.EMPTY);
      assertThat(log.from(Level.WARN)).isNotEmpty();
    }
  }

  @Test
  void an_error_in_a_listener_is_logged_and_the_socket_opens() {
    server =
        builder(new TestUsers())
            .listener(
                new ConnectionListener() {
                  @Override
                  public void onConnect(UserId user, SocketId socket) {
                    throw new NoClassDefFoundError("a test");
                  }
                })
            .build()
            .start();
    try (WireClient client = open(TestUsers.some())) {
      client.call("echo", Json.EMPTY);
      // Listeners are told on a thread of their own: the answer may come before their call.
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(log.from(Level.ERROR))
                      .containsExactly("A connection listener failed"));
    }
  }

  @Test
  void with_all_workers_blocked_sockets_stay_newcomers_are_503_and_everything_is_done_later()
      throws IOException {
    CountDownLatch entered = new CountDownLatch(2);
    CountDownLatch release = new CountDownLatch(1);
    server =
        builder(new TestUsers())
            .workerThreads(2)
            .handshakeTimeout(Duration.ofSeconds(1))
            .heartbeatInterval(Duration.ofMillis(500))
            .heartbeatTimeout(Duration.ofSeconds(5))
            .handler(
                "block",
                call -> {
                  entered.countDown();
                  awaitQuietly(release);
                  return Json.EMPTY;
                })
            .build()
            .start();
    WireClient waiting = open(TestUsers.some());
    List<WireClient> blocking = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      WireClient client = open(TestUsers.some());
      client.send("{\"id\":7,\"method\":\"block\"}");
      blocking.add(client);
    }
    awaitQuietly(entered);
    waiting.send("{\"id\":8,\"method\":\"echo\"}");

    assertThat(asked("/ws?token=" + TestUsers.some())).contains(" 503 ");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(log.from(Level.WARN))
                    .anyMatch(line -> line.startsWith("All 2 workers are busy")));
    assertThat(server.stats().sockets()).isEqualTo(3); // several heartbeats later

    release.countDown();

    waiting.await(message -> WireClient.text(message, "id").equals("8"));
    for (WireClient client : blocking) {
      client.await(message -> WireClient.text(message, "id").equals("7"));
      client.close();
    }
    waiting.close();
    open(TestUsers.some()).close();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> log.from(Level.INFO).contains("Workers are free again"));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class ThrowingPolicy implements RoomPolicy {
    @Override
    public boolean mayJoin(Principal principal, RoomName room) {
      throw new StackOverflowError("a test");
    }

    @Override
    public boolean mayPublish(Principal principal, RoomName room) {
      return false;
    }
  }
}
