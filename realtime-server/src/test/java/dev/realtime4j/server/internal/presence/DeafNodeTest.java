package dev.realtime4j.server.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.server.internal.session.SimulatedSocket;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Watchers on a node that the bus brings nothing to, while the store answers. */
class DeafNodeTest {
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final InMemoryCluster memory = InMemoryCluster.create(() -> now);
  private final DeafCluster cluster = new DeafCluster(memory);
  private final SimulatedNode node = new SimulatedNode("node", cluster, () -> now);
  private final SimulatedNode other = new SimulatedNode("other", memory, () -> now);
  private final UserId here = new UserId(UUID.randomUUID());
  private final UserId there = new UserId(UUID.randomUUID());
  private final List<String> heard = new ArrayList<>();

  @BeforeEach
  void watch() {
    SimulatedSocket watcher = node.connect(new UserId(UUID.randomUUID()));
    watcher.call("presence.watch", Json.object("user_ids", List.of(here, there)));
    watcher.forward(message -> heard.add(told(message)));
  }

  private static String told(Json message) {
    Json data = message.fields().getOrDefault("data", Json.NULL);
    return data.fields().getOrDefault("status", Json.NULL).asString();
  }

  private void pass(int seconds) {
    for (int second = 0; second < seconds; second++) {
      now = now.plusSeconds(1);
      node.second();
      other.second();
    }
  }

  @Test
  void what_sockets_of_the_node_change_is_told_at_once_and_not_again_when_the_bus_is_back() {
    cluster.goDeaf();

    SimulatedSocket socket = node.connect(here);
    socket.call("presence.set", Json.object("status", "BUSY"));
    node.presence().set(here, PresenceStatus.ONLINE);
    assertThat(heard).containsExactly("ONLINE", "BUSY", "ONLINE");

    cluster.hearAgain();
    pass(60);
    assertThat(heard).hasSize(3);

    socket.call("presence.set", Json.object("status", "BUSY"));
    assertThat(heard).containsExactly("ONLINE", "BUSY", "ONLINE", "BUSY");
  }

  @Test
  void what_other_nodes_change_meanwhile_is_told_when_the_bus_is_back() {
    cluster.goDeaf();
    other.connect(there);
    assertThat(heard).isEmpty();

    cluster.hearAgain();
    pass(1);

    assertThat(heard).containsExactly("ONLINE");
  }

  @Test
  void while_the_bus_is_there_each_change_is_told_once() {
    node.connect(here).call("presence.set", Json.object("status", "BUSY"));

    assertThat(heard).containsExactly("ONLINE", "BUSY");
  }
}
