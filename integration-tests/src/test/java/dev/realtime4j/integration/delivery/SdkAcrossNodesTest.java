package dev.realtime4j.integration.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.Event;
import dev.realtime4j.client.RealtimeClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The Java client against two real nodes, on a real PostgreSQL and a real Redis. */
final class SdkAcrossNodesTest {
  private static RestartableNode nodeA;
  private static RestartableNode nodeB;

  private final List<RealtimeClient> clients = new ArrayList<>();

  @BeforeAll
  static void start() {
    Stores.Database database = Stores.database();
    nodeA = new RestartableNode("node-a", database);
    nodeB = new RestartableNode("node-b", database);
  }

  @AfterAll
  static void stop() {
    nodeA.close();
    nodeB.close();
  }

  @AfterEach
  void both_nodes_serve_again() {
    clients.forEach(RealtimeClient::close);
    nodeA.start();
    nodeB.start();
    // An executor is terminated a moment before its last thread is.
    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("realtime-client-")));
  }

  private static UserId someone() {
    return new UserId(UUID.randomUUID());
  }

  private RealtimeClient client(UserId user, RestartableNode first, RestartableNode second) {
    RealtimeClient client =
        RealtimeClient.builder()
            .endpoint(first.endpoint())
            .endpoint(second.endpoint())
            .tokenProvider(() -> RestartableNode.token(user))
            .build();
    clients.add(client);
    return client;
  }

  private static <T> T done(CompletableFuture<T> future) throws Exception {
    return future.get(10, TimeUnit.SECONDS);
  }

  @Test
  void every_committed_notification_arrives_exactly_once_though_a_node_stops_and_comes_back()
      throws Exception {
    UserId user = someone();
    List<NotificationId> shown = new CopyOnWriteArrayList<>();
    RealtimeClient client = client(user, nodeA, nodeB);
    client.notifications().onNew(notification -> shown.add(notification.id()));
    done(client.connect());

    Set<NotificationId> committed = new HashSet<>();
    for (int i = 0; i < 300; i++) {
      if (i == 100) {
        nodeA.stop();
      }
      if (i == 200) {
        nodeA.start();
      }
      NewNotification one = NewNotification.to(user).title("n" + i).build();
      committed.add(nodeB.server().notifications().send(one).id());
    }

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(shown).hasSize(committed.size()));
    assertThat(new HashSet<>(shown)).isEqualTo(committed);
    assertThat(shown).isSorted();
  }

  @Test
  void concurrent_sends_of_one_node_are_shown_in_the_order_of_their_ids() throws Exception {
    UserId user = someone();
    List<NotificationId> shown = new CopyOnWriteArrayList<>();
    RealtimeClient client = client(user, nodeA, nodeB);
    client.notifications().onNew(notification -> shown.add(notification.id()));
    done(client.connect());

    List<CompletableFuture<Notification>> sending = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      NewNotification one = NewNotification.to(user).title("n" + i).build();
      sending.add(
          i % 2 == 0
              ? nodeB.server().notifications().sendAsync(one)
              : CompletableFuture.supplyAsync(() -> nodeB.server().notifications().send(one)));
    }
    for (CompletableFuture<Notification> one : sending) {
      done(one);
    }

    await().untilAsserted(() -> assertThat(shown).hasSize(400));
    assertThat(shown).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void rooms_presence_and_watches_are_restored_on_the_other_node() throws Exception {
    RealtimeClient anna = client(someone(), nodeA, nodeB);
    RealtimeClient ben = client(someone(), nodeB, nodeA);
    List<Event> goals = new CopyOnWriteArrayList<>();
    List<PresenceStatus> ofAnna = new CopyOnWriteArrayList<>();
    anna.onEvent("goal", goals::add);
    ben.onPresence(presence -> ofAnna.add(presence.status()));
    done(anna.connect());
    done(ben.connect());
    done(anna.rooms().join(RoomName.of("match:1")));
    assertThat(done(ben.rooms().join(RoomName.of("match:1")))).isEqualTo(2);
    done(ben.presence().watch(List.of(anna.userId().orElseThrow())));
    Presence busy = done(anna.presence().set(PresenceStatus.BUSY));
    assertThat(busy.status()).isEqualTo(PresenceStatus.BUSY);
    await().untilAsserted(() -> assertThat(ofAnna).containsExactly(PresenceStatus.BUSY));

    nodeA.stop();

    await().atMost(Duration.ofSeconds(20)).until(() -> anna.state() == ConnectionState.CONNECTED);
    done(ben.rooms().publish(RoomName.of("match:1"), "goal", Json.object("by", 7)));
    await().untilAsserted(() -> assertThat(goals).hasSize(1));
    assertThat(done(ben.presence().get(anna.userId().orElseThrow())).status())
        .isEqualTo(PresenceStatus.BUSY);
    assertThat(ofAnna).as("nobody saw her flicker").containsExactly(PresenceStatus.BUSY);
  }

  @Test
  void reading_on_one_device_is_heard_on_the_other_and_the_list_pages() throws Exception {
    UserId user = someone();
    RealtimeClient phone = client(user, nodeA, nodeB);
    RealtimeClient laptop = client(user, nodeB, nodeA);
    List<Integer> unread = new CopyOnWriteArrayList<>();
    laptop.notifications().onUnreadChanged(count -> unread.add(count.count()));
    done(phone.connect());
    done(laptop.connect());
    for (int i = 0; i < 3; i++) {
      nodeA.server().notifications().send(NewNotification.to(user).title("n" + i).build());
    }
    Notification newest =
        done(phone.notifications().list(NotificationFilter.UNREAD, PageRequest.first(2)))
            .items()
            .get(0);
    assertThat(newest.content().title()).isEqualTo("n2");

    done(phone.notifications().read(newest.id()));

    await().untilAsserted(() -> assertThat(unread).endsWith(2));
    done(phone.notifications().readAll(newest.id()));
    await().untilAsserted(() -> assertThat(unread).endsWith(0));
  }

  @Test
  void a_client_that_the_host_disconnects_stays_away() throws Exception {
    UserId user = someone();
    RealtimeClient client = client(user, nodeA, nodeB);
    done(client.connect());

    nodeB.server().disconnect(user, "logged out");

    await().until(() -> client.state() == ConnectionState.FAILED);
  }
}
