package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.server.HealthReport.Status;
import dev.realtime4j.server.memory.InMemoryConnectionLog;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stores that take every call and answer none: whatever does not need them goes on. */
final class HangingStoresTest {
  private static final int SOCKETS = 40;

  private final FaultyStore store = new FaultyStore();
  private volatile CountDownLatch log = new CountDownLatch(0);
  private final UserId anna = TestUsers.some();
  private final UserId ben = TestUsers.some();

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer server;

  @BeforeEach
  void start() {
    server =
        RealtimeServer.builder()
            .port(0)
            .authenticator(new TestUsers())
            .notifications(store.repository())
            .connectionLog(connectionLog())
            .maxSocketsPerUser(2 * SOCKETS)
            .workerThreads(4)
            .handler("echo", MethodCall::params)
            .build()
            .start();
  }

  private ConnectionLog connectionLog() {
    InMemoryConnectionLog memory = InMemoryConnectionLog.create();
    return (ConnectionLog)
        Proxy.newProxyInstance(
            HangingStoresTest.class.getClassLoader(),
            new Class<?>[] {ConnectionLog.class},
            (proxy, method, arguments) -> {
              log.await();
              return method.invoke(memory, arguments);
            });
  }

  @AfterEach
  void stop() {
    store.release();
    log.countDown();
    server.close();
  }

  private void hang() {
    store.hang();
    log = new CountDownLatch(1);
  }

  @Test
  void calls_that_hang_in_a_store_take_no_thread_from_anything_else() {
    List<WireClient> callers = new ArrayList<>();
    for (int i = 0; i < SOCKETS; i++) {
      callers.add(WireClient.open(server, anna));
    }
    callers.forEach(caller -> caller.event("connected"));
    try (WireClient other = WireClient.open(server, ben)) {
      other.event("connected");
      hang();
      String list = Json.object("id", 900, "method", "notification.list").text();
      callers.forEach(caller -> caller.send(list));

      assertThat(status(other.call("presence.set", Json.object("status", "BUSY"))))
          .isEqualTo("BUSY");
      assertThat(other.call("room.join", Json.object("room", "lobby"))).isNotNull();
      assertThat(other.call("presence.get", Json.object("user_ids", List.of(TestUsers.some()))))
          .isNotNull();
      try (WireClient newcomer = WireClient.open(server, TestUsers.some())) {
        assertThat(newcomer.event("connected").fields().get("unread")).isEqualTo(Json.NULL);
      }

      for (WireClient caller : callers) {
        Json refused = caller.await(message -> "900".equals(WireClient.text(message, "id")));
        assertThat(WireClient.text(refused, "error")).contains("RT_UNAVAILABLE");
      }
      assertThat(other.error("notification.unread_count", Json.EMPTY)).isEqualTo("RT_UNAVAILABLE");
      assertThatThrownBy(
              () -> server.notifications().send(NewNotification.to(anna).title("x").build()))
          .isInstanceOfSatisfying(
              RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
      assertThat(server.health().status()).isEqualTo(Status.DEGRADED);
    } finally {
      callers.forEach(WireClient::drop);
    }
  }

  @Test
  void they_are_asked_again_once_they_answer() {
    try (WireClient client = WireClient.open(server, anna)) {
      client.event("connected");
      hang();
      assertThat(client.error("notification.list", Json.EMPTY)).isEqualTo("RT_UNAVAILABLE");

      store.release();
      log.countDown();

      await().atMost(Duration.ofSeconds(20)).until(() -> server.health().status() == Status.UP);
      server.notifications().send(NewNotification.to(anna).title("back").build());
      assertThat(WireClient.text(client.event("notification.new"), "title")).isEqualTo("back");
      assertThat(client.call("notification.list", Json.EMPTY).text()).contains("back");
    }
  }

  @Test
  void one_call_that_waits_for_a_lock_is_no_reason_to_refuse_the_others() {
    CountDownLatch locked = new CountDownLatch(1);
    store.before("read", () -> awaitQuietly(locked));
    try (WireClient waiting = WireClient.open(server, anna);
        WireClient other = WireClient.open(server, ben)) {
      waiting.send(
          Json.object(
                  "id",
                  900,
                  "method",
                  "notification.read",
                  "params",
                  Json.object("id", "01890000-0000-7000-8000-000000000000"))
              .text());
      await()
          .during(Duration.ofSeconds(4))
          .atMost(Duration.ofSeconds(20))
          .until(() -> other.call("notification.unread_count", Json.EMPTY).text().contains("0"));
      assertThat(server.health().status()).isEqualTo(Status.UP);
    } finally {
      locked.countDown();
    }
  }

  @Test
  void the_calls_of_one_socket_are_done_in_their_order() {
    try (WireClient client = WireClient.open(server, anna)) {
      String id =
          server
              .notifications()
              .send(NewNotification.to(anna).title("one").build())
              .id()
              .toString();
      CountDownLatch begun = new CountDownLatch(1);
      store.before("read", () -> awaitQuietly(begun));
      String read =
          Json.object("id", 901, "method", "notification.read", "params", Json.object("id", id))
              .text();
      String count = Json.object("id", 902, "method", "notification.unread_count").text();
      client.send(read + "\n" + count);
      client.call("echo", Json.EMPTY); // is not behind them
      begun.countDown();

      Json first = client.await(message -> WireClient.text(message, "id").startsWith("90"));
      Json second = client.await(message -> WireClient.text(message, "id").startsWith("90"));
      assertThat(WireClient.text(first, "id")).isEqualTo("901");
      assertThat(second.text()).contains("\"count\":0");
    }
  }

  private static String status(Json presence) {
    return WireClient.text(presence, "status");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
