package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import dev.realtime4j.server.memory.InMemoryCluster;
import dev.realtime4j.server.memory.InMemoryConnectionLog;
import dev.realtime4j.server.simulation.VirtualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node that others cleaned up after, and that lives. */
final class MistakenForDeadTest {
  private final VirtualTime time = new VirtualTime();
  private final InMemoryCluster cluster = InMemoryCluster.create(time.clock());
  private final InMemoryConnectionLog log = InMemoryConnectionLog.create(time.clock());

  @Test
  void its_connections_are_open_in_the_log_again() {
    UserId user = TestUsers.some();
    try (VirtualNode node =
        VirtualNode.start(
            time, "mistaken", builder -> builder.cluster(cluster).connectionLog(log))) {
      node.connect(user);
      time.pass(Duration.ofSeconds(1));
      assertThat(connections(user)).hasSize(1);
      assertThat(log.closeServer(new ServerId("mistaken"), time.clock().instant())).isEqualTo(1);
      cluster.flush();

      time.pass(Duration.ofSeconds(12)); // until its next sign of life
      assertThat(connections(user))
          .singleElement()
          .matches(entry -> entry.disconnectedAt() == null);
    }
    assertThat(connections(user)).singleElement().matches(one -> one.closeCode() != null);
  }

  private List<ConnectionLogEntry> connections(UserId user) {
    return log.connections(user, PageRequest.first(10)).items();
  }
}
