package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.server.HealthReport.Status;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a node says that it may be given clients. */
class ReadinessTest {
  /** Ten times as often as in a node. */
  private static final Duration EVERY = Duration.ofMillis(500);

  private final FaultyStore store = new FaultyStore();
  private volatile Runnable check = () -> {};
  private final RealtimeServer server;

  ReadinessTest() {
    RealtimeServer.Builder builder =
        RealtimeServer.builder()
            .port(0)
            .authenticator(new TestUsers())
            .notifications(store.repository());
    builder.storeCheckInterval = EVERY;
    server = builder.build();
    store.before("check", () -> check.run());
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void unfit(String message) {
    check =
        () -> {
          throw new RealtimeException(ErrorCode.INTERNAL, message);
        };
  }

  private HealthReport.Problem problem() {
    assertThat(server.health().problems()).hasSize(1);
    return server.health().problems().get(0);
  }

  @Test
  void a_store_that_lacks_something_keeps_the_node_from_being_ready_until_it_is_mended() {
    unfit("a table is missing; run the migrations");
    server.start();

    assertThat(server.health().status()).isEqualTo(Status.NOT_READY);
    assertThat(problem().name()).isEqualTo("notifications.store");
    assertThat(problem().message()).isEqualTo("a table is missing; run the migrations");
    assertThat(server.stats().problems()).isOne();

    check = () -> {};
    await().atMost(Duration.ofSeconds(20)).until(() -> server.health().status() == Status.UP);
    assertThat(server.health().problems()).isEmpty();
  }

  @Test
  void a_store_that_is_unavailable_degrades_the_node_only() {
    store.away(true);
    server.start();

    await().until(() -> server.health().status() == Status.DEGRADED);
    assertThat(server.health().problems()).isEmpty();
  }

  @Test
  void a_store_that_was_unavailable_at_the_start_and_then_lacks_something_is_not_ready() {
    store.away(true);
    server.start();
    assertThat(server.health().status()).isNotEqualTo(Status.NOT_READY);

    unfit("a table is missing; run the migrations");
    store.away(false);

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> server.health().status() == Status.NOT_READY);
  }

  @Test
  void what_breaks_in_a_node_that_was_ready_is_told_and_takes_it_out_of_no_service() {
    server.start();
    assertThat(server.health().status()).isEqualTo(Status.UP);

    unfit("a right was revoked; grant it");

    await().atMost(EVERY.multipliedBy(40)).until(() -> server.health().status() == Status.DEGRADED);
    assertThat(problem().message()).isEqualTo("a right was revoked; grant it");
  }

  @Test
  void a_check_that_breaks_by_itself_is_told_and_not_ready() {
    check =
        () -> {
          throw new IllegalStateException("it quotes a title");
        };
    server.start();

    assertThat(server.health().status()).isEqualTo(Status.NOT_READY);
    assertThat(problem().message())
        .contains("IllegalStateException")
        .doesNotContain("it quotes a title");
  }

  @Test
  void a_check_that_is_slow_holds_up_no_start_and_the_node_is_not_ready_before_its_answer() {
    CountDownLatch stuck = new CountDownLatch(1);
    check =
        () -> {
          try {
            stuck.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    try {
      server.start();
      assertThat(server.port()).isPositive();
      assertThat(server.health().status()).isEqualTo(Status.STARTING);
    } finally {
      stuck.countDown();
    }
    await().until(() -> server.health().status() == Status.UP);
  }

  @Test
  void a_server_opens_its_port_without_waiting_for_maintenance_and_shows_what_fails() {
    CountDownLatch stuck = new CountDownLatch(1);
    store.before(
        "purgeIdempotencyKeys",
        () -> {
          try {
            stuck.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          throw new RealtimeException(ErrorCode.INTERNAL, "rows are in the way; move them");
        });
    try {
      server.start();
      assertThat(server.health().status()).isEqualTo(Status.UP);
      stuck.countDown();

      await().until(() -> !server.health().problems().isEmpty());
      assertThat(server.health().status()).isEqualTo(Status.DEGRADED);
      assertThat(server.health().problems().get(0).name())
          .isEqualTo("maintenance.notifications.idempotency_keys");
      assertThat(server.stats().maintenanceFailing())
          .containsOnlyKeys(
              "maintenance.notifications.all",
              "maintenance.notifications.idempotency_keys",
              "maintenance.connection_log.all");
    } finally {
      stuck.countDown();
    }
  }
}
