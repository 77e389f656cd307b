package dev.realtime4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.RealtimeClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the kit promises to who writes tests with it. */
@Timeout(60)
class FakeRealtimeServerTest {
  private static final UserId FRIEND = new UserId(UUID.randomUUID());

  private final FakeRealtimeServer server = FakeRealtimeServer.create();
  private final RealtimeClient client = server.client().build();
  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void listen() {
    client.notifications().onNew(notification -> heard.add(notification.content().title()));
  }

  @AfterEach
  void nothing_is_left() {
    client.close();
    server.close();
    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(
                        name ->
                            name.startsWith("realtime-client")
                                || name.startsWith("realtime-testkit")));
  }

  private Notification send(String title) {
    return server.send(NewNotification.to(server.user()).title(title).build());
  }

  @Test
  void when_a_method_returns_the_listeners_have_run() {
    client.connect().join();
    assertThat(client.userId()).contains(server.user());
    send("one");
    assertThat(heard).containsExactly("one");
  }

  @Test
  void all_calls_of_notifications_are_answered_from_memory() {
    Notification first = send("one");
    Notification second = send("two");
    Notification third = send("three");
    client.connect().join();
    assertThat(heard).as("a first connection replays nothing").isEmpty();
    assertThat(client.notifications().unreadCount().join().count()).isEqualTo(3);
    assertThat(client.notifications().read(first.id()).join().count()).isEqualTo(2);
    assertThat(client.notifications().delete(second.id()).join().count()).isEqualTo(1);
    assertThat(client.notifications().readAll(third.id()).join()).isEqualTo(1);
    var page = client.notifications().list(NotificationFilter.ALL, PageRequest.first(1)).join();
    assertThat(page.items()).extracting(Notification::id).containsExactly(third.id());
    PageRequest next = new PageRequest(5, page.nextCursor());
    assertThat(client.notifications().list(NotificationFilter.ALL, next).join().items())
        .extracting(Notification::id)
        .containsExactly(first.id());
    assertThat(
            client
                .notifications()
                .list(NotificationFilter.UNREAD, PageRequest.first(5))
                .join()
                .items())
        .isEmpty();
    assertThatThrownBy(() -> client.notifications().delete(second.id()).join())
        .hasCauseInstanceOf(RealtimeException.class);
    assertThat(server.calls()).contains("notification.list", "notification.delete");
  }

  @Test
  void what_was_sent_while_a_client_was_away_comes_when_it_is_back() {
    client.connect().join();
    server.dropConnections();
    assertThat(client.state()).isEqualTo(ConnectionState.RECONNECTING);
    send("meanwhile");
    assertThat(heard).isEmpty();
    server.advance(Duration.ofSeconds(1));
    assertThat(client.state()).isEqualTo(ConnectionState.CONNECTED);
    assertThat(heard).containsExactly("meanwhile");
  }

  @Test
  void a_stalled_network_is_noticed_by_the_missing_heartbeat() {
    client.connect().join();
    server.advance(Duration.ofMinutes(10));
    assertThat(client.state()).as("heartbeats keep it").isEqualTo(ConnectionState.CONNECTED);
    server.stall();
    send("held up");
    assertThat(heard).isEmpty();
    server.advance(Duration.ofSeconds(36));
    assertThat(client.state()).isEqualTo(ConnectionState.RECONNECTING);
    server.unstall();
    server.advance(Duration.ofMinutes(1));
    assertThat(heard).containsExactly("held up");
  }

  @Test
  void copies_and_overtaking_do_not_reach_the_application() {
    client.connect().join();
    server.duplicatePushes(3);
    server.reorder(
        new Random(7),
        () -> {
          for (int i = 0; i < 5; i++) {
            send("n" + i);
          }
        });
    assertThat(heard).containsExactlyInAnyOrder("n0", "n1", "n2", "n3", "n4");
    assertThat(heard).as("in the order in which they came").doesNotHaveDuplicates();
  }

  @Test
  void a_refused_handshake_is_tried_again_when_the_server_says() {
    server.refuse(503, Duration.ofSeconds(30));
    CompletableFuture<Void> connecting = client.connect();
    server.advance(Duration.ofSeconds(29));
    server.accept();
    assertThat(connecting).isNotDone();
    server.advance(Duration.ofSeconds(5));
    assertThat(connecting).isCompleted();

    server.dropConnections();
    server.unreachable();
    server.advance(Duration.ofMinutes(5));
    assertThat(client.state()).isEqualTo(ConnectionState.RECONNECTING);
    server.accept();
    server.advance(Duration.ofSeconds(31));
    assertThat(client.state()).isEqualTo(ConnectionState.CONNECTED);
  }

  @Test
  void a_token_that_expires_is_refreshed_ahead_and_one_that_is_revoked_at_once() {
    server.tokenLifetime(Duration.ofMinutes(10));
    client.connect().join();
    server.advance(Duration.ofHours(1));
    assertThat(server.calls()).filteredOn("auth.refresh"::equals).hasSizeBetween(6, 7);
    int before = server.calls().size();
    server.expire();
    assertThat(server.calls().subList(before, server.calls().size())).contains("auth.refresh");
    assertThat(client.state()).isEqualTo(ConnectionState.CONNECTED);
  }

  @Test
  void a_client_without_a_new_token_is_closed_after_its_grace() {
    String only = server.token(server.user());
    try (RealtimeClient stubborn =
        server
            .attach(RealtimeClient.builder())
            .endpoint(URI.create("wss://example.org/ws"))
            .token(only)
            .build()) {
      stubborn.connect().join();
      server.expire();
      server.advance(Duration.ofSeconds(29));
      assertThat(stubborn.state()).isEqualTo(ConnectionState.CONNECTED);
      server.advance(Duration.ofSeconds(2));
      assertThat(stubborn.state()).isEqualTo(ConnectionState.RECONNECTING);
    }
  }

  @Test
  void a_restart_brings_the_clients_back_after_the_announced_time() {
    client.connect().join();
    server.restart(Duration.ofSeconds(20));
    server.advance(Duration.ofSeconds(20));
    assertThat(client.state()).isEqualTo(ConnectionState.RECONNECTING);
    server.advance(Duration.ofSeconds(1));
    assertThat(client.state()).isEqualTo(ConnectionState.CONNECTED);
    server.close(4403, "banned");
    assertThat(client.state()).isEqualTo(ConnectionState.FAILED);
  }

  @Test
  void lost_cursors_make_the_client_read_the_list_and_find_what_was_committed_late() {
    client.connect().join();
    Runnable commit = server.sendLate(NewNotification.to(server.user()).title("late").build());
    send("early");
    server.dropConnections();
    commit.run();
    server.advance(Duration.ofSeconds(1));
    assertThat(heard).containsExactly("early", "late");
    server.dropConnections();
    server.loseCursors();
    send("unknown");
    server.advance(Duration.ofSeconds(1));
    assertThat(heard).containsExactly("early", "late", "unknown");
    assertThat(server.calls()).contains("notification.list");
  }

  @Test
  void more_than_a_catch_up_holds_is_found_on_the_list_though_one_was_committed_late() {
    client.connect().join();
    Runnable commit = server.sendLate(NewNotification.to(server.user()).title("late").build());
    for (int i = 0; i < 220; i++) {
      send("known " + i);
    }
    server.dropConnections();
    commit.run();
    for (int i = 0; i < 201; i++) {
      send("missed " + i);
    }
    server.advance(Duration.ofSeconds(10));
    assertThat(heard).hasSize(220 + 1 + 201).doesNotHaveDuplicates().contains("late");
  }

  @Test
  void rooms_and_presence_are_there_for_all_clients_of_a_server() {
    try (RealtimeClient friend = server.client(FRIEND).build()) {
      List<String> seen = Collections.synchronizedList(new ArrayList<>());
      client.onPresence(presence -> seen.add(presence.status().name()));
      client.onAnyEvent(event -> seen.add(event.name()));
      client.connect().join();
      client.presence().watch(List.of(FRIEND)).join();
      client.rooms().join(RoomName.of("match:1")).join();
      friend.connect().join();
      assertThat(friend.rooms().join(RoomName.of("match:1")).join()).isEqualTo(2);
      friend.presence().set(PresenceStatus.BUSY).join();
      friend.rooms().publish(RoomName.of("match:1"), "goal", Json.object("by", 7)).join();
      server.awaitIdle();
      assertThat(seen).containsExactly("ONLINE", "room.user_joined", "BUSY", "goal");
      assertThat(
              client.rooms().members(RoomName.of("match:1"), PageRequest.first(10)).join().items())
          .hasSize(2);
      friend.pause();
      server.awaitIdle();
      assertThat(seen).endsWith("room.user_left", "OFFLINE");
      server.presence(FRIEND, PresenceStatus.ONLINE);
      assertThat(seen).endsWith("ONLINE");
      server.publish(RoomName.of("match:1"), "final", Json.EMPTY);
      server.publish(server.user(), "progress", Json.EMPTY);
      assertThat(seen).endsWith("final", "progress");
      client.rooms().leave(RoomName.of("match:1")).join();
      client.presence().unwatch(List.of(FRIEND)).join();
      assertThat(client.presence().get(List.of(FRIEND)).join().keySet()).containsExactly(FRIEND);
      assertThat(client.presence().get(FRIEND).join().status()).isEqualTo(PresenceStatus.ONLINE);
      assertThat(server.presence(server.user()).status()).isEqualTo(PresenceStatus.ONLINE);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void a_method_of_the_host_is_answered_by_the_test_and_refused_by_it() {
    client.connect().join();
    server.handler("orders.count", params -> Json.object("count", 3));
    assertThat(client.call("orders.count", Json.EMPTY).join()).isEqualTo(Json.object("count", 3));
    server.handler(
        "room.join",
        params -> {
          throw new RealtimeException(ErrorCode.ROOM_FULL, "full");
        });
    assertThatThrownBy(() -> client.rooms().join(RoomName.of("a")).join())
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("full");
    assertThatThrownBy(() -> client.call("nobody.knows", Json.EMPTY).join())
        .hasMessageContaining("nobody.knows");
  }

  @Test
  void a_listener_may_call_the_server_and_wait_for_the_client() {
    client.onEvent(
        "again",
        event -> {
          send("from a listener");
          heard.add("count " + client.notifications().unreadCount().join().count());
        });
    client.connect().join();
    server.publish(server.user(), "again", Json.EMPTY);
    assertThat(heard).containsExactly("count 1", "from a listener");
  }

  @Test
  void a_listener_that_waits_for_time_does_not_hold_up_the_test() {
    server.handler(
        "silent",
        params -> {
          server.stall(); // so the answer stays on its way
          return Json.EMPTY;
        });
    client.onEvent(
        "ask",
        event ->
            heard.add(
                client
                    .call("silent", Json.EMPTY)
                    .handle((answer, failure) -> failure == null ? "answered" : "timed out")
                    .join()));
    client.connect().join();
    server.publish(server.user(), "ask", Json.EMPTY);
    assertThat(heard).isEmpty();
    server.advance(Duration.ofSeconds(11));
    assertThat(heard).containsExactly("timed out");
  }
}
