package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.server.memory.InMemoryCluster;
import dev.realtime4j.server.memory.InMemoryConnectionLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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

  @Test
  void a_handshake_that_is_under_way_when_it_begins_is_refused() throws Exception {
    UserId slow = TestUsers.some();
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    TestUsers users = new TestUsers();
    RealtimeServer server =
        RealtimeServer.builder()
            .port(0)
            .authenticator(
                handshake -> {
                  Principal principal = users.authenticate(handshake);
                  if (principal.userId().equals(slow)) {
                    asked.countDown();
                    awaitUninterruptibly(answer);
                  }
                  return principal;
                })
            .build()
            .start();
    RawHandshake neverAnswers = RawHandshake.begin(server, target(TestUsers.some())).readHead();
    RawHandshake late = RawHandshake.begin(server, target(slow));
    asked.await();
    Thread drain = begin(server, open(server, TestUsers.some()));

    answer.countDown();

    assertThat(late.answer()).startsWith("HTTP/1.1 503 ");
    late.close();
    neverAnswers.close();
    drain.join();
  }

  @Test
  void who_is_about_to_hear_that_he_is_connected_hears_when_to_come_back_too() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    FaultyStore store = new FaultyStore();
    RealtimeServer server =
        RealtimeServer.builder()
            .port(0)
            .authenticator(new TestUsers())
            .notifications(store.repository())
            .build()
            .start();
    WireClient witness = open(server, TestUsers.some());
    store.before(
        "sync",
        () -> {
          asked.countDown();
          awaitUninterruptibly(answer);
        });
    WireClient client = WireClient.open(server, TestUsers.some());
    asked.await();
    Thread drain = begin(server, witness);

    answer.countDown();

    client.event("connected");
    client.event("server.draining");
    assertThat(client.closeCode()).isEqualTo(1012);
    drain.join();
  }

  private static String target(UserId user) {
    return "/ws?token=" + user;
  }

  /** Begins to drain, and returns when the first client has been told. */
  private static Thread begin(RealtimeServer server, WireClient witness) {
    Thread drain = new Thread(() -> server.drain(Duration.ofSeconds(20)), "drain");
    drain.start();
    witness.event("server.draining");
    return drain;
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
