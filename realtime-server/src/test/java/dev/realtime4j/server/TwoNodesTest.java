package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomPolicy;
import dev.realtime4j.server.memory.InMemoryCluster;
import dev.realtime4j.server.memory.InMemoryConnectionLog;
import dev.realtime4j.server.memory.InMemoryNotificationRepository;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes that share stores in memory: rooms, presence and notifications between them. */
final class TwoNodesTest {
  private final Set<UserId> barred = ConcurrentHashMap.newKeySet();

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer a;

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer b;

  private final UserId anna = TestUsers.some();
  private final UserId ben = TestUsers.some();

  @BeforeEach
  void start() {
    InMemoryCluster cluster = InMemoryCluster.create();
    NotificationRepository notifications = InMemoryNotificationRepository.create();
    ConnectionLog log = InMemoryConnectionLog.create();
    a = node("a", cluster, notifications, log);
    b = node("b", cluster, notifications, log);
  }

  private RealtimeServer node(
      String name,
      InMemoryCluster cluster,
      NotificationRepository notifications,
      ConnectionLog log) {
    return RealtimeServer.builder()
        .port(0)
        .serverId(new ServerId(name))
        .authenticator(new TestUsers())
        .cluster(cluster)
        .notifications(notifications)
        .connectionLog(log)
        .roomPolicy(new BarringPolicy())
        .maxRoomSize(2)
        .messagesPerSecond(1000)
        .presenceGrace(Duration.ofMillis(300))
        .handler("echo", MethodCall::params)
        .build()
        .start();
  }

  @AfterEach
  void stop() {
    a.close();
    b.close();
  }

  private static WireClient open(RealtimeServer server, UserId user) {
    WireClient client = WireClient.open(server, user);
    client.event("connected");
    return client;
  }

  @Test
  void what_is_published_to_a_room_reaches_its_members_on_both_nodes_once() {
    try (WireClient left = open(a, anna);
        WireClient right = open(b, ben)) {
      left.call("room.join", Json.object("room", "match:42"));
      Json joined = right.call("room.join", Json.object("room", "match:42"));
      assertThat(joined.text()).isEqualTo("{\"room\":\"match:42\",\"members\":2}");
      assertThat(left.await(m -> m.text().contains(ben.toString())).text())
          .isEqualTo(
              "{\"event\":\"room.user_joined\",\"room\":\"match:42\",\"data\":{\"user_id\":\""
                  + ben
                  + "\"}}");

      left.send(
          "{\"method\":\"room.publish\",\"params\":"
              + "{\"room\":\"match:42\",\"event\":\"goal\",\"data\":{\"by\":7}}}");
      right.await(message -> "goal".equals(WireClient.text(message, "event")));
      b.rooms().publish(RoomName.of("match:42"), "whistle", Json.EMPTY);

      assertThat(left.event("goal").text()).isEqualTo("{\"by\":7}");
      for (WireClient client : List.of(left, right)) {
        client.event("whistle");
        assertThat(client.drain()).isEmpty();
      }
    }
  }

  @Test
  void a_full_room_refuses_over_the_cluster_and_a_leave_makes_room() {
    try (WireClient left = open(a, anna);
        WireClient right = open(b, ben);
        WireClient third = open(b, TestUsers.some())) {
      Json room = Json.object("room", "small");
      left.call("room.join", room);
      right.call("room.join", room);
      assertThat(third.error("room.join", room)).isEqualTo("RT_ROOM_FULL");

      left.call("room.leave", room);

      assertThat(WireClient.text(right.event("room.user_left"), "user_id"))
          .isEqualTo(anna.toString());
      third.call("room.join", room);
      Json members = right.call("room.members", Json.object("room", "small", "limit", 1));
      assertThat(WireClient.text(members, "members")).contains("\"sockets\":1");
      assertThat(WireClient.text(members, "next_cursor")).isNotEqualTo("null");
      assertThat(left.error("room.members", room)).isEqualTo("RT_FORBIDDEN");
    }
  }

  @Test
  void nothing_of_a_dropped_socket_stays_in_a_room() {
    try (WireClient left = open(a, anna)) {
      WireClient right = open(b, ben);
      left.call("room.join", Json.object("room", "r"));
      right.call("room.join", Json.object("room", "r"));

      right.drop();

      assertThat(left.await(m -> m.text().contains("room.user_left")).text())
          .contains(ben.toString());
      assertThat(a.rooms().memberCount(RoomName.of("r"))).isEqualTo(1);
    }
  }

  @Test
  void who_loses_his_permission_is_removed_at_a_recheck() {
    try (WireClient left = open(a, anna);
        WireClient right = open(b, ben)) {
      left.call("room.join", Json.object("room", "r"));
      right.call("room.join", Json.object("room", "r"));
      barred.add(ben);

      a.rooms().recheck(ben);

      assertThat(right.await(m -> m.text().contains("room.user_left")).text())
          .contains(ben.toString());
      assertThat(right.error("room.join", Json.object("room", "r"))).isEqualTo("RT_FORBIDDEN");
      assertThat(right.error("room.publish", Json.object("room", "r", "event", "x")))
          .isEqualTo("RT_FORBIDDEN");
    }
  }

  @Test
  void a_watcher_hears_the_state_now_and_then_every_change_wherever_it_happens() {
    try (WireClient left = open(a, anna)) {
      Json asked = Json.object("user_ids", List.of(ben));
      Json now = left.call("presence.watch", asked);
      assertThat(now.text()).contains("OFFLINE");

      WireClient right = open(b, ben);
      assertThat(WireClient.text(left.event("presence.changed"), "status")).isEqualTo("ONLINE");
      right.call("presence.set", Json.object("status", "BUSY"));
      assertThat(WireClient.text(left.event("presence.changed"), "status")).isEqualTo("BUSY");
      assertThat(a.presence().get(ben).status()).isEqualTo(PresenceStatus.BUSY);
      right.close();
      assertThat(WireClient.text(left.event("presence.changed"), "status")).isEqualTo("OFFLINE");
      assertThat(left.call("presence.get", asked).text()).contains("OFFLINE");

      left.call("presence.unwatch", asked);
      open(b, ben).close();
      assertThat(left.drain()).isEmpty();
    }
  }

  @Test
  void a_reload_on_another_node_does_not_flicker() {
    try (WireClient left = open(a, anna)) {
      WireClient before = open(b, ben);
      left.call("presence.watch", Json.object("user_ids", List.of(ben)));

      before.close();
      try (WireClient after = open(a, ben)) {
        after.call("presence.set", Json.object("status", "BUSY"));

        assertThat(WireClient.text(left.event("presence.changed"), "status")).isEqualTo("BUSY");
      }
    }
  }

  @Test
  void a_notification_reaches_every_device_on_every_node_and_reading_follows() {
    try (WireClient phone = open(a, anna);
        WireClient laptop = open(b, anna)) {
      String id =
          a.notifications()
              .send(NewNotification.to(anna).title("Order shipped").body("Friday").build())
              .id()
              .toString();

      for (WireClient device : List.of(phone, laptop)) {
        Json arrived = device.event("notification.new");
        assertThat(arrived.fields().keySet())
            .containsExactlyInAnyOrder(
                "id", "type", "title", "body", "data", "read_at", "created_at");
        assertThat(WireClient.text(arrived, "id")).isEqualTo(id);
      }
      assertThat(phone.call("notification.read", Json.object("id", id)).text())
          .isEqualTo("{\"unread\":{\"count\":0,\"capped\":false}}");
      Json read = laptop.event("notification.read");
      assertThat(WireClient.text(read, "ids")).isEqualTo("[\"" + id + "\"]");
      assertThat(WireClient.text(read, "unread")).contains("\"count\":0");
      laptop.call("notification.delete", Json.object("id", id));
      assertThat(WireClient.text(phone.event("notification.deleted"), "id")).isEqualTo(id);
      assertThat(phone.error("notification.read", Json.object("id", id))).isEqualTo("RT_NOT_FOUND");
    }
  }

  @Test
  void who_was_away_gets_what_he_missed_oldest_first_before_anything_live() {
    String cursor;
    try (WireClient before = WireClient.open(a, anna)) {
      cursor = WireClient.text(before.event("connected"), "cursor");
    }
    for (int i = 1; i <= 3; i++) {
      b.notifications().send(NewNotification.to(anna).title("n" + i).build());
    }

    try (WireClient after = WireClient.open(b, anna, "&since=" + cursor)) {
      Json connected = after.event("connected");
      assertThat(WireClient.text(connected, "missed")).isEqualTo("3");
      assertThat(WireClient.text(connected, "unread")).contains("\"count\":3");
      for (int i = 1; i <= 3; i++) {
        assertThat(WireClient.text(after.event("notification.new"), "title")).isEqualTo("n" + i);
      }
    }
  }

  @Test
  void an_unknown_cursor_is_a_resync() {
    try (WireClient client = WireClient.open(a, anna, "&since=nonsense")) {
      assertThat(WireClient.text(client.event("connected"), "missed")).isEqualTo("0");
      assertThat(client.event("notification.resync").fields().keySet())
          .containsExactlyInAnyOrder("cursor", "unread", "from");
    }
  }

  /** Everybody may do everything, but for who is barred. */
  private final class BarringPolicy implements RoomPolicy {
    @Override
    public boolean mayJoin(dev.realtime4j.api.auth.Principal principal, RoomName room) {
      return !barred.contains(principal.userId());
    }

    @Override
    public boolean mayPublish(dev.realtime4j.api.auth.Principal principal, RoomName room) {
      return !barred.contains(principal.userId());
    }
  }
}
