package dev.realtime4j.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole client over real sockets. */
@Timeout(30)
class RealtimeClientTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @AfterEach
  void no_thread_of_the_client_is_left() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(
                        name ->
                            name.startsWith("realtime-client")
                                || name.startsWith("WebSocketWriteThread")));
  }

  private static RealtimeClient to(URI endpoint) {
    return RealtimeClient.builder().endpoint(endpoint).token("secret").build();
  }

  private static void closesInTime(RealtimeClient client) {
    long begin = System.nanoTime();
    client.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
    assertThat(client.state()).isEqualTo(ConnectionState.CLOSED);
  }

  @Test
  void it_connects_with_its_token_calls_and_hears() throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        RealtimeClient client = to(server.uri())) {
      List<String> heard = new CopyOnWriteArrayList<>();
      client.notifications().onNew(n -> heard.add(n.content().title()));
      client.onEvent("match.update", event -> heard.add(event.name()));
      client.onAnyEvent(event -> heard.add("any " + event.name()));
      client.connect().get(10, TimeUnit.SECONDS);
      assertThat(client.call("echo", Json.object("a", "ü\n\u2028")).get(10, TimeUnit.SECONDS))
          .isEqualTo(Json.object("a", "ü\n\u2028"));
      server.notification(1);
      server.event("match.update");
      await().untilAsserted(() -> assertThat(heard).hasSize(3));
      assertThat(heard).containsExactly("n1", "match.update", "any match.update");
      assertThat(server.tokens).containsExactly("Bearer secret");
      assertThat(client.userId().orElseThrow()).hasToString(ScriptedServer.USER);
      await()
          .untilAsserted(
              () ->
                  assertThat(server.calls)
                      .extracting(call -> call.method())
                      .contains("notification.ack"));
      closesInTime(client);
    }
  }

  @Test
  void a_cut_connection_comes_back_with_its_cursor() throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        RealtimeClient client = to(server.uri())) {
      List<ConnectionState> states = new CopyOnWriteArrayList<>();
      client.onState(change -> states.add(change.state()));
      client.connect().get(10, TimeUnit.SECONDS);
      server.cut();
      await().atMost(PATIENCE).until(() -> states.size() >= 4);
      assertThat(states)
          .startsWith(
              ConnectionState.CONNECTING,
              ConnectionState.CONNECTED,
              ConnectionState.RECONNECTING,
              ConnectionState.CONNECTED);
      assertThat(server.requests).startsWith("/ws", "/ws?since=c1");
    }
  }

  @Test
  void a_refusal_tells_its_status_and_when_to_come_back() throws Exception {
    try (PlainServer server =
            new PlainServer(
                "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 503 Service Unavailable\r\nretry-after: 7\r\n\r\n");
        RealtimeClient client = to(server.uri())) {
      List<ConnectionChange> changes = new CopyOnWriteArrayList<>();
      client.onState(changes::add);
      client.connect();
      await().atMost(PATIENCE).until(() -> changes.size() == 3);
      assertThat(cause(changes.get(1)).code()).isEqualTo(ErrorCode.UNAUTHORIZED);
      assertThat(changes.get(1).delay()).isZero();
      assertThat(cause(changes.get(2)).code()).isEqualTo(ErrorCode.UNAVAILABLE);
      assertThat(changes.get(2).delay()).isGreaterThanOrEqualTo(Duration.ofSeconds(7));
    }
  }

  private static RealtimeException cause(ConnectionChange change) {
    if (change.cause() == null) {
      throw new AssertionError("no cause in " + change);
    }
    return change.cause();
  }

  @Test
  void a_listener_may_wait_for_a_call_and_close_the_client() throws Exception {
    try (ScriptedServer server = new ScriptedServer()) {
      RealtimeClient client = to(server.uri());
      CompletableFuture<Json> answer = new CompletableFuture<>();
      List<ConnectionState> states = new CopyOnWriteArrayList<>();
      client.onState(change -> states.add(change.state()));
      client.onEvent(
          "go",
          event -> {
            answer.complete(
                client.call("echo", Json.of(null)).exceptionally(e -> Json.NULL).join());
            client.close();
          });
      client.connect().get(10, TimeUnit.SECONDS);
      server.event("go");
      answer.get(10, TimeUnit.SECONDS);
      await().until(() -> states.contains(ConnectionState.CLOSED));
    }
  }

  @Test
  void what_hangs_on_a_future_may_wait_for_the_next_one() throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        RealtimeClient client = to(server.uri())) {
      CompletableFuture<Json> nested =
          client
              .connect()
              .thenApply(ready -> client.call("echo", Json.object("n", 1)).join())
              .thenApply(first -> client.call("echo", Json.object("n", 2)).join());
      assertThat(nested.get(10, TimeUnit.SECONDS)).isEqualTo(Json.object("n", 2));
    }
  }

  @Test
  void close_wins_over_a_handshake_that_never_ends() throws Exception {
    try (PlainServer server = new PlainServer(PlainServer.SILENCE)) {
      RealtimeClient client = to(server.uri());
      CompletableFuture<Void> connecting = client.connect();
      await().atMost(PATIENCE).until(() -> server.accepted.size() == 1);
      closesInTime(client);
      assertThat(connecting).isCompletedExceptionally();
    }
  }

  @Test
  void close_wins_over_a_listener_that_never_returns() throws Exception {
    try (ScriptedServer server = new ScriptedServer()) {
      RealtimeClient client = to(server.uri());
      CountDownLatch stuck = new CountDownLatch(1);
      client.onEvent(
          "go",
          event -> {
            stuck.countDown();
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      client.connect().get(10, TimeUnit.SECONDS);
      server.event("go");
      stuck.await();
      closesInTime(client);
    }
  }

  @Test
  void close_in_every_other_state_works_and_may_be_repeated() throws Exception {
    closesInTime(to(URI.create("ws://127.0.0.1:1/ws")));
    RealtimeClient unreachable = to(URI.create("ws://127.0.0.1:1/ws"));
    CountDownLatch waiting = new CountDownLatch(2);
    unreachable.onState(change -> waiting.countDown());
    unreachable.connect();
    waiting.await();
    assertThat(unreachable.state()).isEqualTo(ConnectionState.CONNECTING);
    closesInTime(unreachable);
    closesInTime(unreachable);
    assertThat(unreachable.call("echo", Json.EMPTY)).isCompletedExceptionally();
    assertThat(unreachable.connect()).isCompletedExceptionally();
    unreachable.pause();
    unreachable.networkChanged();
    assertThat(unreachable.state()).isEqualTo(ConnectionState.CLOSED);
    try (ScriptedServer server = new ScriptedServer();
        RealtimeClient paused = to(server.uri())) {
      paused.connect().get(10, TimeUnit.SECONDS);
      paused.pause();
      await().until(() -> paused.state() == ConnectionState.PAUSED);
      closesInTime(paused);
    }
  }

  @Test
  void an_executor_of_the_application_is_used_and_left_open() throws Exception {
    ExecutorService own = Executors.newFixedThreadPool(3);
    AtomicInteger heard = new AtomicInteger();
    try (ScriptedServer server = new ScriptedServer();
        RealtimeClient client =
            RealtimeClient.builder()
                .endpoint(server.uri())
                .token("secret")
                .callbackExecutor(own)
                .build()) {
      client.onAnyEvent(event -> heard.incrementAndGet());
      client.connect().get(10, TimeUnit.SECONDS);
      for (int i = 0; i < 500; i++) {
        server.event("tick");
      }
      await().untilAsserted(() -> assertThat(heard).hasValue(500));
      closesInTime(client);
      assertThat(own.isShutdown()).isFalse();
    } finally {
      own.shutdown();
    }
  }

  @Test
  void clients_come_and_go_without_leaving_anything() throws Exception {
    try (ScriptedServer server = new ScriptedServer()) {
      for (int i = 0; i < 30; i++) {
        RealtimeClient client = to(server.uri());
        CompletableFuture<Void> connecting = client.connect();
        if (i % 3 == 0) {
          connecting.get(10, TimeUnit.SECONDS);
        } else if (i % 3 == 1) {
          await().pollDelay(Duration.ofMillis(i % 7)).until(() -> true);
        }
        closesInTime(client);
      }
    }
  }

  @Test
  void the_builder_names_what_is_missing() throws IOException {
    assertThatThrownBy(() -> RealtimeClient.builder().build()).hasMessageContaining("endpoint");
    assertThatThrownBy(
            () -> RealtimeClient.builder().endpoint(URI.create("ws://localhost/ws")).build())
        .hasMessageContaining("token");
    assertThatThrownBy(() -> RealtimeClient.builder().endpoint(URI.create("http://localhost/")))
        .hasMessageContaining("ws://");
    assertThatThrownBy(() -> RealtimeClient.builder().callTimeout(Duration.ZERO))
        .hasMessageContaining("callTimeout");
  }
}
