package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import dev.realtime4j.server.memory.InMemoryCluster;
import dev.realtime4j.server.memory.InMemoryConnectionLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node that others cleaned up after, and that lives. */
final class MistakenForDeadTest {
  @Test
  void its_connections_are_open_in_the_log_again() {
    ServerId id = new ServerId("mistaken");
    UserId user = TestUsers.some();
    InMemoryCluster cluster = InMemoryCluster.create();
    InMemoryConnectionLog log = InMemoryConnectionLog.create();
    try (RealtimeServer server =
            RealtimeServer.builder()
                .port(0)
                .serverId(id)
                .authenticator(new TestUsers())
                .cluster(cluster)
                .connectionLog(log)
                .heartbeatInterval(Duration.ofSeconds(1))
                .presenceBuffer(Duration.ofSeconds(1))
                .build()
                .start();
        WireClient client = WireClient.open(server, user)) {
      client.event("connected");
      await().until(() -> !connections(log, user).isEmpty());
      assertThat(log.closeServer(id, Instant.now())).isEqualTo(1);
      cluster.flush();

      await()
          .untilAsserted(
              () ->
                  assertThat(connections(log, user))
                      .singleElement()
                      .matches(entry -> entry.disconnectedAt() == null));
    }
    assertThat(connections(log, user)).singleElement().matches(one -> one.closeCode() != null);
  }

  private static List<ConnectionLogEntry> connections(InMemoryConnectionLog log, UserId user) {
    return log.connections(user, PageRequest.first(10)).items();
  }
}
