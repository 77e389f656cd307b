package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.OutboxBacklog;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What swallows pushes, and how each is found again. */
class LostPushesTest {
  private final FaultyStore store = new FaultyStore();
  private final FaultyCluster cluster = new FaultyCluster();
  private final UserId anna = TestUsers.some();

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer server;

  @BeforeEach
  void start() {
    server = node(Duration.ofMillis(200), Duration.ofHours(1));
  }

  /** One that relays nothing. */
  private RealtimeServer node(Duration syncInterval) {
    return node(Duration.ofHours(1), syncInterval);
  }

  private RealtimeServer node(Duration relayLease, Duration syncInterval) {
    return RealtimeServer.builder()
        .port(0)
        .authenticator(new TestUsers())
        .cluster(cluster)
        .notifications(store.repository())
        .relayLease(relayLease)
        .syncInterval(syncInterval)
        .messagesPerSecond(1000)
        .handler("echo", MethodCall::params)
        .build()
        .start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private NotificationId send(RealtimeServer by, String title) {
    return by.notifications().send(NewNotification.to(anna).title(title).build()).id();
  }

  private static String id(Json notification) {
    return WireClient.text(notification, "id");
  }

  @Test
  void a_push_that_the_cluster_did_not_take_stays_in_the_outbox_until_the_relay_has_pushed_it() {
    try (RealtimeServer other = node(Duration.ofHours(1));
        WireClient here = WireClient.open(server, anna);
        WireClient there = WireClient.open(other, anna)) {
      here.event("connected");
      there.event("connected");
      cluster.lose(channel -> channel.startsWith("user:"));
      NotificationId id = send(server, "lost on the way");

      assertThat(id(here.event("notification.new"))).isEqualTo(id.toString());
      await().until(() -> server.stats().notificationsRelayed() > 1);
      assertThat(there.drain()).isEmpty();
      assertThat(store.repository().outboxBacklog().waiting()).isOne();

      cluster.lose(channel -> false);

      assertThat(id(there.event("notification.new"))).isEqualTo(id.toString());
      await().until(() -> store.repository().outboxBacklog().equals(OutboxBacklog.EMPTY));
      assertThat(here.drain()).isEmpty();
    }
  }

  @Test
  void what_a_sweep_has_brought_and_the_relay_pushes_once_more_reaches_a_socket_once() {
    try (RealtimeServer checking = node(Duration.ofMillis(100));
        WireClient client = WireClient.open(checking, anna)) {
      client.event("connected");
      cluster.lose(channel -> channel.startsWith("user:"));
      NotificationId id = send(server, "brought by a sweep");
      assertThat(id(client.event("notification.new"))).isEqualTo(id.toString());

      cluster.lose(channel -> false);
      await().until(() -> store.repository().outboxBacklog().equals(OutboxBacklog.EMPTY));

      assertThat(server.stats().notificationsRelayed()).isPositive();
      assertThat(client.drain()).noneMatch(message -> message.text().contains(id.toString()));
    }
  }

  @Test
  void a_push_that_was_swallowed_in_silence_is_found_by_the_live_check_once() {
    try (RealtimeServer checking = node(Duration.ofMillis(300));
        WireClient client = WireClient.open(checking, anna)) {
      String first = WireClient.text(client.event("connected"), "cursor");
      cluster.swallow(channel -> channel.startsWith("user:"));
      NotificationId id = send(server, "swallowed");
      cluster.swallow(channel -> false);

      assertThat(id(client.event("notification.new"))).isEqualTo(id.toString());
      Json synced = client.event("notification.synced");
      assertThat(WireClient.text(synced, "cursor")).isNotEqualTo(first);
      client.event("notification.synced");
      assertThat(client.drain()).noneMatch(message -> message.text().contains(id.toString()));
    }
  }

  @Test
  void
      two_sockets_of_a_user_that_opened_without_the_store_are_caught_up_each_from_its_own_cursor() {
    String old;
    try (WireClient before = WireClient.open(server, anna)) {
      old = WireClient.text(before.event("connected"), "cursor");
    }
    NotificationId first = send(server, "one");
    String newer;
    NotificationId second;
    try (WireClient between = WireClient.open(server, anna, "&since=" + old)) {
      newer = WireClient.text(between.event("connected"), "cursor");
      between.event("notification.new");
      second = send(server, "two");
      between.event("notification.new");

      store.away(true);
      try (WireClient far = WireClient.open(server, anna, "&since=" + newer);
          WireClient behind = WireClient.open(server, anna, "&since=" + old)) {
        for (WireClient client : List.of(far, behind)) {
          Json connected = client.event("connected");
          assertThat(WireClient.text(connected, "missed")).isEqualTo("0");
          assertThat(WireClient.text(connected, "unread")).isEqualTo("null");
        }
        store.away(false);

        assertThat(id(behind.event("notification.new"))).isEqualTo(first.toString());
        assertThat(id(behind.event("notification.new"))).isEqualTo(second.toString());
        assertThat(WireClient.text(behind.event("notification.synced"), "unread"))
            .contains("\"count\":2");
        assertThat(id(far.event("notification.new"))).isEqualTo(second.toString());
        far.event("notification.synced");
        assertThat(between.drain()).isEmpty();
      }
    }
  }

  @Test
  void a_store_that_is_away_refuses_to_send_says_so_and_is_noticed_when_it_is_back() {
    store.away(true);
    assertThatThrownBy(() -> send(server, "refused"))
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    await().until(() -> server.health().status() == HealthReport.Status.DEGRADED);
    store.away(false);
    await().until(() -> server.health().status() == HealthReport.Status.UP);
    assertThat(send(server, "stored")).isNotNull();
  }
}
