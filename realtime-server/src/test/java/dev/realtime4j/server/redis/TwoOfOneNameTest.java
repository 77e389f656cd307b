package dev.realtime4j.server.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import dev.realtime4j.server.HealthReport.Status;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.memory.InMemoryConnectionLog;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real servers with one id on one real Redis. */
class TwoOfOneNameTest {
  private final ServerId id = new ServerId("twin-" + UUID.randomUUID());
  private final UserId user = new UserId(UUID.randomUUID());
  private final InMemoryConnectionLog log = InMemoryConnectionLog.create();
  private final RedisBackend first = RedisBackend.connect(TestRedis.shared().url());
  private final RedisBackend second = RedisBackend.connect(TestRedis.shared().url());

  @AfterEach
  void close() {
    first.close();
    second.close();
  }

  private RealtimeServer server(RedisBackend cluster) {
    return RealtimeServer.builder()
        .port(0)
        .serverId(id)
        .cluster(cluster)
        .connectionLog(log)
        .authenticator(handshake -> Principal.of(user))
        .heartbeatInterval(Duration.ofSeconds(2))
        .presenceBuffer(Duration.ofSeconds(2))
        .drainTime(Duration.ZERO)
        .build();
  }

  private void logAnOpenConnection() throws Exception {
    log.write(
        List.of(
            new ConnectionLogEntry(
                new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0001L),
                user,
                id,
                new SocketId("s"),
                InetAddress.getByName("192.0.2.1"),
                null,
                Instant.parse("2026-03-01T12:00:00Z"),
                null,
                null,
                null)));
  }

  private ConnectionLogEntry logged() {
    return log.connections(user, PageRequest.first(1)).items().get(0);
  }

  @Test
  void the_second_does_not_start_and_closes_nothing_of_the_first() throws Exception {
    logAnOpenConnection();
    try (RealtimeServer running = server(first).start()) {
      // It closes what one before it has left open, and then holds this one itself.
      await().until(() -> logged().disconnectedAt() != null);
      logAnOpenConnection();
      RealtimeServer twin = server(second);

      assertThatThrownBy(twin::start)
          .isInstanceOf(RealtimeException.class)
          .hasMessageContaining("another node with the id " + id + " is running")
          .hasMessageContaining("serverId");

      assertThat(logged().disconnectedAt()).isNull();
      assertThat(first.servers().alive()).contains(id);
      assertThat(running.health().status()).isEqualTo(Status.UP);
    }
  }

  @Test
  void one_that_died_a_moment_ago_is_succeeded() throws Exception {
    first.servers().beat(id, "the dead one", Instant.now(), Duration.ofSeconds(4));
    logAnOpenConnection();

    try (RealtimeServer successor = server(second).start()) {
      assertThat(successor.health().status()).isEqualTo(Status.UP);
      await()
          .untilAsserted(
              () -> assertThat(logged().closeReason()).isEqualTo(ConnectionLogEntry.SERVER_LOST));
    }
  }

  @Test
  void one_that_left_is_succeeded_at_once() {
    server(first).start().close();
    try (RealtimeServer successor = server(second).start()) {
      assertThat(successor.health().status()).isEqualTo(Status.UP);
    }
  }
}
