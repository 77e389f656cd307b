package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.server.memory.InMemoryCluster;
import dev.realtime4j.server.memory.InMemoryConnectionLog;
import dev.realtime4j.server.memory.InMemoryNotificationRepository;
import dev.realtime4j.server.simulation.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole nodes in a time that passes at once: what is due after minutes is seen in milliseconds. */
@Timeout(20)
final class VirtualNodesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final VirtualTime time = new VirtualTime();
  private final FaultyCluster cluster = new FaultyCluster(InMemoryCluster.create(time.clock()));
  private final InMemoryNotificationRepository notifications =
      InMemoryNotificationRepository.create(time.clock());
  private final InMemoryConnectionLog log = InMemoryConnectionLog.create(time.clock());
  private final List<VirtualNode> nodes = new ArrayList<>();
  private final Set<UserId> hidden = new HashSet<>();
  private final UserId anna = TestUsers.some();
  private final UserId ben = TestUsers.some();

  private VirtualNode node(String name) {
    VirtualNode node =
        VirtualNode.start(
            time,
            name,
            builder ->
                builder
                    .presencePolicy((who, users) -> visible(users))
                    .cluster(cluster)
                    .notifications(notifications)
                    .connectionLog(log));
    nodes.add(node);
    return node;
  }

  private Set<UserId> visible(Set<UserId> users) {
    Set<UserId> visible = new HashSet<>(users);
    visible.removeAll(hidden);
    return visible;
  }

  @AfterEach
  void stop() {
    nodes.forEach(node -> node.machine().resume());
    nodes.forEach(VirtualNode::close);
  }

  private static List<String> events(LocalTransport.Socket socket) {
    return socket.heard().stream().map(message -> WireClient.text(message, "event")).toList();
  }

  @Test
  void a_client_that_falls_silent_is_closed_and_one_that_answers_stays_for_hours() {
    VirtualNode node = node("a");
    LocalTransport.Socket silent = node.connect(anna);
    LocalTransport.Socket alive = node.connect(ben);
    for (int seconds = 0; seconds < 2 * 60 * 60; seconds += 5) {
      time.pass(SECOND.multipliedBy(5));
      alive.signOfLife();
      assertThat(silent.closeCode() == 0 || seconds >= 20).isTrue();
    }

    assertThat(silent.closeCode()).isEqualTo(CloseCode.NO_HEARTBEAT.value());
    assertThat(alive.closeCode()).isZero();
    assertThat(alive.heard()).filteredOn(Json.EMPTY::equals).hasSizeBetween(200, 300);
  }

  @Test
  void a_token_expires_and_the_grace_after_it() {
    VirtualNode node = node("a");
    LocalTransport.Socket socket = node.transport().connect(anna + "!" + 600_000);
    alive(socket, Duration.ofSeconds(599));
    assertThat(events(socket)).doesNotContain("token_expired");

    alive(socket, Duration.ofSeconds(2));
    assertThat(events(socket)).contains("token_expired");
    assertThat(socket.closeCode()).isZero();

    alive(socket, Duration.ofMinutes(2));
    assertThat(socket.closeCode()).isEqualTo(CloseCode.UNAUTHORIZED.value());
  }

  private void alive(LocalTransport.Socket socket, Duration span) {
    for (long seconds = 0; seconds < span.toSeconds(); seconds++) {
      time.pass(SECOND);
      socket.signOfLife();
    }
  }

  @Test
  void the_users_of_a_node_that_dies_go_offline_when_its_lease_is_over() {
    VirtualNode dying = node("a");
    VirtualNode living = node("b");
    dying.connect(anna);
    LocalTransport.Socket viewer = living.connect(ben);
    viewer.call("presence.watch", Json.object("user_ids", List.of(anna)));
    alive(viewer, Duration.ofMinutes(10));
    assertThat(living.server().presence().get(anna).status()).isEqualTo(PresenceStatus.OFFLINE);

    LocalTransport.Socket again = dying.connect(anna);
    for (int i = 0; i < 600; i++) {
      alive(again, SECOND);
      viewer.signOfLife();
    }
    assertThat(living.server().presence().get(anna).status()).isEqualTo(PresenceStatus.ONLINE);
    int told = viewer.events("presence.changed").size();
    dying.machine().halt();
    alive(viewer, Duration.ofSeconds(20));
    assertThat(viewer.events("presence.changed")).hasSize(told);

    alive(viewer, Duration.ofSeconds(60));
    assertThat(living.server().presence().get(anna).status()).isEqualTo(PresenceStatus.OFFLINE);
    assertThat(viewer.events("presence.changed")).hasSize(told + 1);
  }

  @Test
  void a_push_that_another_node_did_not_get_is_made_good_by_the_relay() {
    VirtualNode sending = node("a");
    LocalTransport.Socket socket = node("b").connect(anna);
    time.pass(SECOND);
    cluster.lose(channel -> true);
    sending.server().notifications().sendAsync(NewNotification.to(anna).title("Late").build());
    time.pass(SECOND.multipliedBy(3));
    assertThat(socket.events("notification.new")).isEmpty();

    cluster.lose(channel -> false);
    time.pass(SECOND.multipliedBy(15));
    assertThat(socket.events("notification.new")).hasSize(1);
  }

  @Test
  void a_recheck_that_another_node_did_not_hear_is_made_good_when_the_bus_takes_it() {
    VirtualNode asking = node("a");
    asking.connect(anna);
    LocalTransport.Socket viewer = node("b").connect(ben);
    time.pass(SECOND);
    viewer.call("presence.watch", Json.object("user_ids", List.of(anna)));
    time.pass(SECOND);
    assertThat(viewer.answers()).isEqualTo(1);
    cluster.lose(channel -> channel.equals("commands"));
    hidden.add(anna);
    asking.server().presence().recheck(ben);
    time.pass(SECOND.multipliedBy(5));
    assertThat(viewer.events("presence.changed")).isEmpty();

    cluster.lose(channel -> false);
    time.pass(SECOND.multipliedBy(5));
    assertThat(viewer.events("presence.changed"))
        .singleElement()
        .satisfies(event -> assertThat(event.text()).contains("OFFLINE"));
  }

  @Test
  void a_recheck_hides_and_shows_on_every_node() {
    VirtualNode asking = node("a");
    UserId carl = TestUsers.some();
    asking.connect(anna);
    asking.connect(carl);
    LocalTransport.Socket viewer = node("b").connect(ben);
    time.pass(SECOND);
    hidden.add(carl);
    viewer.call("presence.watch", Json.object("user_ids", List.of(anna, carl)));
    time.pass(SECOND);
    hidden.add(anna);
    hidden.remove(carl);
    asking.server().presence().recheck(ben);
    time.pass(SECOND);
    assertThat(told(viewer)).containsExactly(anna + " OFFLINE", carl + " ONLINE");
    assertThat(viewer.events("presence.changed").get(0).text()).contains("\"last_seen\":null");

    asking.server().presence().set(anna, PresenceStatus.BUSY);
    asking.server().presence().set(carl, PresenceStatus.BUSY);
    time.pass(SECOND);
    assertThat(told(viewer)).hasSize(3).endsWith(carl + " BUSY");

    viewer.call("presence.unwatch", Json.object("user_ids", List.of(anna, carl)));
    time.pass(SECOND);
    hidden.clear();
    asking.server().presence().recheck(ben);
    asking.server().presence().set(carl, PresenceStatus.ONLINE);
    time.pass(SECOND);
    assertThat(told(viewer)).hasSize(3);
  }

  private static List<String> told(LocalTransport.Socket viewer) {
    return viewer.events("presence.changed").stream()
        .map(event -> WireClient.text(event, "user_id") + " " + WireClient.text(event, "status"))
        .toList();
  }

  @Test
  void clients_of_a_node_that_drains_are_told_to_come_back_one_after_the_other() {
    VirtualNode node = node("a");
    List<LocalTransport.Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      sockets.add(node.connect(TestUsers.some()));
    }
    time.pass(SECOND);
    node.server().drain(Duration.ofSeconds(50));

    assertThat(sockets)
        .allSatisfy(
            socket -> assertThat(socket.closeCode()).isEqualTo(CloseCode.RESTARTING.value()));
  }
}
