package dev.realtime4j.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.api.cluster.ClusterBus;
import dev.realtime4j.api.cluster.ServerRegistry.DeadServer;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.contract.BanStoreContract;
import dev.realtime4j.contract.ClusterBusContract;
import dev.realtime4j.contract.PresenceStoreContract;
import dev.realtime4j.contract.RoomStoreContract;
import dev.realtime4j.contract.ServerRegistryContract;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class InMemoryClusterTest {
  // docs:begin
  @Nested
  class Presences extends PresenceStoreContract {
    @Override
    protected ClusterBackend emptyCluster() {
      return emptied(); // asked before each test, with nothing stored in it
    }
  }

  // docs:end

  @Nested
  class Bus extends ClusterBusContract {
    @Override
    protected ClusterBackend emptyCluster() {
      return emptied();
    }
  }

  @Nested
  class Rooms extends RoomStoreContract {
    @Override
    protected ClusterBackend emptyCluster() {
      return emptied();
    }
  }

  @Nested
  class Servers extends ServerRegistryContract {
    @Override
    protected ClusterBackend emptyCluster() {
      return emptied();
    }
  }

  @Nested
  class BanLaws extends BanStoreContract {
    @Override
    protected ClusterBackend emptyCluster() {
      return emptied();
    }
  }

  private static ClusterBackend emptied() {
    return InMemoryCluster.create();
  }

  @Test
  void a_bus_in_memory_knows_what_no_other_node_listens_to() {
    InMemoryCluster cluster = InMemoryCluster.create();
    ClusterBus one = cluster.bus(new ServerId("one"));
    ClusterBus two = cluster.bus(new ServerId("two"));
    one.subscribe("a");
    assertThat(one.isHeardElsewhere("a")).isFalse();
    assertThat(two.isHeardElsewhere("a")).isTrue();
    two.subscribe("a");
    assertThat(one.isHeardElsewhere("a")).isTrue();
  }

  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final UserId user = new UserId(UUID.randomUUID());
  private final ServerId server = new ServerId("node-1");
  private final SocketId socket = new SocketId("socket-1");
  private Instant now = START;
  private final InMemoryCluster cluster = InMemoryCluster.create(() -> now);

  @Test
  void a_socket_counts_until_the_very_end_of_its_ttl() {
    cluster.presence().connected(user, server, socket, Duration.ofSeconds(40));

    now = START.plusMillis(39_999);
    assertThat(presence()).isEqualTo(new Presence(user, PresenceStatus.ONLINE, START));
    now = START.plusMillis(40_000);
    assertThat(presence()).isEqualTo(Presence.offline(user, null));
    assertThat(cluster.presence().reap(10)).isEqualTo(1);
  }

  @Test
  void the_grace_time_never_prolongs_what_would_have_run_out_before() {
    cluster.presence().connected(user, server, socket, Duration.ofSeconds(5));
    cluster.presence().disconnected(user, server, socket, Duration.ofSeconds(10));

    now = START.plusSeconds(5);
    assertThat(presence().status()).isEqualTo(PresenceStatus.OFFLINE);
  }

  @Test
  void a_dead_node_is_told_with_its_last_beat() {
    cluster.servers().beat(server, START, Duration.ofSeconds(5));

    now = START.plusSeconds(5);

    assertThat(cluster.servers().claimDead(now, Duration.ofSeconds(30)))
        .containsExactly(new DeadServer(server, START));
  }

  private Presence presence() {
    return cluster.presence().get(List.of(user)).getOrDefault(user, Presence.offline(user, START));
  }
}
