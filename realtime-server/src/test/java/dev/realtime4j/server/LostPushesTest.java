package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.OutboxBacklog;
import dev.realtime4j.server.memory.InMemoryCluster;
import dev.realtime4j.server.memory.InMemoryNotificationRepository;
import dev.realtime4j.server.simulation.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What swallows pushes, and how each is found again. */
class LostPushesTest {
  private static final Duration NEVER = Duration.ofHours(1);
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final Duration SYNC = Duration.ofSeconds(5);

  private final VirtualTime time = new VirtualTime();
  private final FaultyStore store =
      new FaultyStore(InMemoryNotificationRepository.create(time.clock()));
  private final FaultyCluster cluster = new FaultyCluster(InMemoryCluster.create(time.clock()));
  private final List<VirtualNode> nodes = new ArrayList<>();
  private final VirtualNode node = node("a", LEASE, NEVER);
  private final UserId anna = TestUsers.some();

  /** One that relays nothing. */
  private VirtualNode node(Duration syncInterval) {
    return node("b", NEVER, syncInterval);
  }

  private VirtualNode node(String name, Duration relayLease, Duration syncInterval) {
    VirtualNode started =
        VirtualNode.start(
            time,
            name,
            builder ->
                builder
                    .cluster(cluster)
                    .notifications(store.repository())
                    .relayLease(relayLease)
                    .syncInterval(syncInterval));
    nodes.add(started);
    return started;
  }

  @AfterEach
  void stop() {
    nodes.forEach(VirtualNode::close);
  }

  private NotificationId send(String title) {
    NotificationId id =
        node.server().notifications().send(NewNotification.to(anna).title(title).build()).id();
    time.pass(Duration.ofMillis(10));
    return id;
  }

  private LocalTransport.Socket connect(VirtualNode to, String query) {
    LocalTransport.Socket socket = to.transport().connect(anna.toString(), "/ws" + query);
    time.pass(Duration.ofMillis(10));
    return socket;
  }

  private static Json connected(LocalTransport.Socket socket) {
    return socket.events("connected").get(0);
  }

  private static List<String> ids(LocalTransport.Socket socket) {
    return socket.events("notification.new").stream()
        .map(notification -> WireClient.text(notification, "id"))
        .toList();
  }

  @Test
  void a_push_that_the_cluster_did_not_take_stays_in_the_outbox_until_the_relay_has_pushed_it() {
    LocalTransport.Socket here = connect(node, "");
    LocalTransport.Socket there = connect(node(NEVER), "");
    cluster.lose(channel -> channel.startsWith("user:"));
    String id = send("lost on the way").toString();

    assertThat(ids(here)).containsExactly(id);
    time.pass(LEASE.multipliedBy(4));
    assertThat(node.server().stats().notificationsRelayed()).isGreaterThan(1);
    assertThat(ids(there)).isEmpty();
    assertThat(store.repository().outboxBacklog().waiting()).isOne();

    cluster.lose(channel -> false);

    time.pass(LEASE.multipliedBy(2));
    assertThat(ids(there)).containsExactly(id);
    assertThat(store.repository().outboxBacklog()).isEqualTo(OutboxBacklog.EMPTY);
    assertThat(ids(here)).containsExactly(id);
  }

  @Test
  void what_a_sweep_has_brought_and_the_relay_pushes_once_more_reaches_a_socket_once() {
    LocalTransport.Socket client = connect(node(SYNC), "");
    cluster.lose(channel -> channel.startsWith("user:"));
    String id = send("brought by a sweep").toString();
    time.pass(SYNC);
    assertThat(ids(client)).containsExactly(id);

    cluster.lose(channel -> false);
    time.pass(LEASE.multipliedBy(2));

    assertThat(store.repository().outboxBacklog()).isEqualTo(OutboxBacklog.EMPTY);
    assertThat(node.server().stats().notificationsRelayed()).isPositive();
    assertThat(ids(client)).containsExactly(id);
  }

  @Test
  void a_push_that_was_swallowed_in_silence_is_found_by_the_live_check_once() {
    LocalTransport.Socket client = connect(node(SYNC), "");
    cluster.swallow(channel -> channel.startsWith("user:"));
    String id = send("swallowed").toString();
    cluster.swallow(channel -> false);
    assertThat(ids(client)).isEmpty();

    time.pass(SYNC);
    assertThat(ids(client)).containsExactly(id);
    Json synced = client.events("notification.synced").get(0);
    assertThat(WireClient.text(synced, "cursor"))
        .isNotEqualTo(WireClient.text(connected(client), "cursor"));

    time.pass(SYNC);
    assertThat(client.events("notification.synced")).hasSize(2);
    assertThat(ids(client)).containsExactly(id);
  }

  @Test
  void
      two_sockets_of_a_user_that_opened_without_the_store_are_caught_up_each_from_its_own_cursor() {
    LocalTransport.Socket before = connect(node, "");
    String old = WireClient.text(connected(before), "cursor");
    before.end(1000);
    String first = send("one").toString();
    LocalTransport.Socket between = connect(node, "?since=" + old);
    String newer = WireClient.text(connected(between), "cursor");
    String second = send("two").toString();
    assertThat(ids(between)).containsExactly(first, second);

    store.away(true);
    LocalTransport.Socket far = connect(node, "?since=" + newer);
    LocalTransport.Socket behind = connect(node, "?since=" + old);
    for (LocalTransport.Socket client : List.of(far, behind)) {
      assertThat(WireClient.text(connected(client), "missed")).isEqualTo("0");
      assertThat(WireClient.text(connected(client), "unread")).isEqualTo("null");
    }
    store.away(false);
    time.pass(Duration.ofSeconds(2));

    assertThat(ids(behind)).containsExactly(first, second);
    assertThat(WireClient.text(behind.events("notification.synced").get(0), "unread"))
        .contains("\"count\":2");
    assertThat(ids(far)).containsExactly(second);
    assertThat(far.events("notification.synced")).hasSize(1);
    assertThat(ids(between)).containsExactly(first, second);
  }

  @Test
  void a_store_that_is_away_refuses_to_send_says_so_and_is_noticed_when_it_is_back() {
    store.away(true);
    assertThatThrownBy(() -> send("refused"))
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    time.pass(Duration.ofSeconds(5));
    assertThat(node.server().health().status()).isEqualTo(HealthReport.Status.DEGRADED);
    store.away(false);
    time.pass(Duration.ofSeconds(5));
    assertThat(node.server().health().status()).isEqualTo(HealthReport.Status.UP);
    assertThat(send("stored")).isNotNull();
  }
}
