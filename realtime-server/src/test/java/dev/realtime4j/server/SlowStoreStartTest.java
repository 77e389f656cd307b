package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.server.HealthReport.Status;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node starts beside a store that keeps a thread waiting. */
final class SlowStoreStartTest {
  private final FaultyStore store = new FaultyStore();
  private final RealtimeServer server =
      RealtimeServer.builder()
          .port(0)
          .authenticator(new TestUsers())
          .notifications(store.repository())
          .build();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void a_check_that_is_slow_holds_up_no_start_and_the_node_is_not_ready_before_its_answer() {
    CountDownLatch stuck = new CountDownLatch(1);
    store.before(
        "check",
        () -> {
          try {
            stuck.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
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
