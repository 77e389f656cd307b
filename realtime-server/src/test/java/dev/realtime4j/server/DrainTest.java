package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.server.memory.InMemoryCluster;
import dev.realtime4j.server.memory.InMemoryConnectionLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node that sends its clients away. */
final class DrainTest {
  private static final int SOCKETS = 50;

  private final InMemoryCluster cluster = InMemoryCluster.create();
  private final InMemoryConnectionLog log = InMemoryConnectionLog.create();

  private RealtimeServer start() {
    return RealtimeServer.builder()
        .port(0)
        .authenticator(new TestUsers())
        .cluster(cluster)
        .connectionLog(log)
        .handler("echo", MethodCall::params)
        .build()
        .start();
  }

  private static WireClient open(RealtimeServer server, UserId user) {
    WireClient client = WireClient.open(server, user);
    client.event("connected");
    return client;
  }

  @Test
  void clients_are_told_times_that_are_spread_evenly_over_the_drain() {
    RealtimeServer server = start();
    List<WireClient> clients = new ArrayList<>();
    for (int i = 0; i < SOCKETS; i++) {
      clients.add(open(server, TestUsers.some()));
    }

    server.drain(Duration.ofSeconds(10));

    List<Long> times =
        clients.stream()
            .map(client -> client.event("server.draining"))
            .map(data -> data.fields().getOrDefault("reconnect_after_ms", Json.NULL).asLong())
            .sorted()
            .toList();
    long slice = 10_000 / SOCKETS;
    for (int i = 0; i < SOCKETS; i++) {
      assertThat(times.get(i)).isBetween(i * slice, (i + 1) * slice);
    }
    clients.forEach(client -> assertThat(client.closeCode()).isEqualTo(1012));
  }

  @Test
  void what_is_queued_goes_out_first_and_presence_and_log_are_written() {
    RealtimeServer server = start();
    UserId user = TestUsers.some();
    WireClient client = open(server, user);
    client.call("room.join", Json.object("room", "lobby"));
    for (int i = 0; i < 500; i++) {
      server.rooms().publish(RoomName.of("lobby"), "tick", Json.object("i", i));
    }
    Json last = Json.object("i", 499);

    server.drain(Duration.ofSeconds(5));

    for (Json data = client.event("tick"); !data.equals(last); ) {
      data = client.event("tick");
    }
    client.event("server.draining");
    assertThat(client.closeCode()).isEqualTo(1012);
    assertThat(cluster.presence().socketCount(user)).isZero();
    assertThat(cluster.rooms().socketCount(RoomName.of("lobby"))).isZero();
    assertThat(cluster.servers().alive()).isEmpty();
    assertThat(log.connections(user, PageRequest.first(10)).items())
        .singleElement()
        .satisfies(entry -> assertThat(entry.closeCode()).isEqualTo(1012))
        .extracting(ConnectionLogEntry::disconnectedAt)
        .isNotNull();
  }
}
