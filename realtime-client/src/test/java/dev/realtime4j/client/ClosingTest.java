package dev.realtime4j.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.Json;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** close() wins in every state, in time, and leaves no thread. */
@Timeout(30)
class ClosingTest {
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
  void close_wins_on_a_thread_that_is_interrupted() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (PlainServer server = new PlainServer(PlainServer.SILENCE)) {
        RealtimeClient client = to(server.uri());
        CompletableFuture<Void> connecting = client.connect();

        Thread.currentThread().interrupt();
        closesInTime(client);

        assertThat(Thread.interrupted()).as("kept for the caller").isTrue();
        assertThat(connecting).isCompletedExceptionally();
      }
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
  void close_wins_over_a_token_provider_that_never_returns() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    RealtimeClient client =
        RealtimeClient.builder()
            .endpoint(URI.create("ws://127.0.0.1:1/ws"))
            .tokenProvider(
                () -> {
                  asked.countDown();
                  untilInterrupted();
                  return "too late";
                })
            .build();
    CompletableFuture<Void> connecting = client.connect();
    asked.await();
    closesInTime(client);
    assertThat(connecting).isCompletedExceptionally();
  }

  @Test
  void close_works_from_what_hangs_on_a_future() throws Exception {
    try (ScriptedServer server = new ScriptedServer()) {
      RealtimeClient client = to(server.uri());
      CompletableFuture<Void> closed = client.connect().thenRun(() -> closesInTime(client));
      closed.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void close_works_from_a_listener_on_the_applications_executor() throws Exception {
    ExecutorService own = Executors.newFixedThreadPool(2);
    try (ScriptedServer server = new ScriptedServer()) {
      CompletableFuture<Boolean> closed = new CompletableFuture<>();
      RealtimeClient client =
          RealtimeClient.builder()
              .endpoint(server.uri())
              .token("secret")
              .callbackExecutor(own)
              .build();
      client.onEvent(
          "go",
          event -> {
            closesInTime(client);
            closed.complete(true);
          });
      client.connect().get(10, TimeUnit.SECONDS);
      server.event("go");
      assertThat(closed.get(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      own.shutdown();
    }
  }

  @Test
  void close_fails_the_calls_that_wait_for_an_answer() throws Exception {
    try (ScriptedServer server = new ScriptedServer()) {
      RealtimeClient client = to(server.uri());
      client.connect().get(10, TimeUnit.SECONDS);
      CompletableFuture<Json> unanswered = client.call("silence", Json.EMPTY);
      closesInTime(client);
      assertThat(unanswered).isCompletedExceptionally();
    }
  }

  @Test
  void several_threads_may_close_at_once() throws Exception {
    try (ScriptedServer server = new ScriptedServer()) {
      RealtimeClient client = to(server.uri());
      client.connect().get(10, TimeUnit.SECONDS);
      CompletableFuture.allOf(
              CompletableFuture.runAsync(client::close), CompletableFuture.runAsync(client::close))
          .get(10, TimeUnit.SECONDS);
      closesInTime(client);
    }
  }

  @Test
  void every_thread_of_a_client_is_a_daemon() throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        RealtimeClient client = to(server.uri())) {
      client.connect().get(10, TimeUnit.SECONDS);
      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> thread.getName().startsWith("realtime-client"))
          .isNotEmpty()
          .allMatch(Thread::isDaemon);
    }
  }

  private static void untilInterrupted() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
