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
  void the_builder_names_what_is_missing() throws IOException {
    assertThatThrownBy(() -> RealtimeClient.builder().build()).hasMessageContaining("endpoint");
    assertThatThrownBy(
            () -> RealtimeClient.builder().endpoint(URI.create("ws://localhost/ws")).build())
        .hasMessageContaining("token");
    assertThatThrownBy(() -> RealtimeClient.builder().endpoint(URI.create("http://localhost/")))
        .hasMessageContaining("ws://");
    assertThatThrownBy(() -> RealtimeClient.builder().token("hush-hush\n"))
        .hasMessageContaining("line break")
        .hasMessageNotContaining("hush");
    assertThatThrownBy(() -> RealtimeClient.builder().token("hush hush"))
        .hasMessageContaining("a space as character 5 of 9");
    assertThatThrownBy(() -> RealtimeClient.builder().token("höll"))
        .hasMessageContaining("not ASCII");
    assertThatThrownBy(() -> RealtimeClient.builder().token("")).hasMessageContaining("empty");
    assertThatThrownBy(() -> RealtimeClient.builder().header("X-A", "b\r\nX-Admin: yes"))
        .hasMessageContaining("one line");
    assertThatThrownBy(() -> RealtimeClient.builder().callTimeout(Duration.ZERO))
        .hasMessageContaining("callTimeout");
  }
}
