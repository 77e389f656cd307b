package dev.realtime4j.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.RoomLost;
import dev.realtime4j.client.internal.desired.Restoration;
import dev.realtime4j.protocol.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DesiredStateTest {
  private static final UserId FRIEND = UserId.of("0190a000-0000-7000-8000-000000000002");

  private final Rig rig = new Rig();

  private FakeSocket connectedInRoom(String room) {
    FakeSocket socket = rig.connected();
    rig.rooms.join(RoomName.of(room));
    rig.settle();
    socket.answer("room.join", "room", room, "members", 1);
    rig.settle();
    return socket;
  }

  @Test
  void rooms_status_and_watches_are_back_before_the_application_hears_connected() {
    FakeSocket first = connectedInRoom("match:42");
    rig.presence.set(PresenceStatus.BUSY);
    rig.presence.watch(List.of(FRIEND));
    rig.settle();
    first.answer("presence.set", "user_id", FakeSocket.USER, "status", "BUSY");
    first.answer("presence.watch", "presences", List.of(presence("ONLINE")));
    rig.settle();
    List<String> heard = new ArrayList<>();
    rig.listeners.onPresence(p -> heard.add(p.status().name()));

    FakeSocket second = rig.reopened();
    second.welcome(0, "c1");
    rig.settle();
    assertThat(rig.state()).isEqualTo(ConnectionState.RECONNECTING);
    second.answer("presence.set", "user_id", FakeSocket.USER, "status", "BUSY");
    second.answer("room.join", "room", "match:42", "members", 2);
    rig.settle();
    assertThat(rig.state()).isEqualTo(ConnectionState.RECONNECTING);
    second.answer("presence.watch", "presences", List.of(presence("OFFLINE")));
    rig.settle();
    assertThat(rig.state()).isEqualTo(ConnectionState.CONNECTED);
    assertThat(heard).as("what changed during the gap").containsExactly("OFFLINE");
  }

  @Test
  void what_is_given_up_while_its_restoration_waits_is_not_tried_again() {
    FakeSocket first = connectedInRoom("a");
    rig.presence.set(PresenceStatus.BUSY);
    rig.presence.watch(List.of(FRIEND));
    rig.settle();
    first.answer("presence.set", "user_id", FakeSocket.USER, "status", "BUSY");
    first.answer("presence.watch", "presences", List.of(presence("ONLINE")));
    rig.settle();
    FakeSocket second = rig.reopened();
    second.welcome(0, "c1");
    rig.settle();
    second.refuseCall("presence.set", ErrorCode.UNAVAILABLE);
    second.refuseCall("room.join", ErrorCode.UNAVAILABLE);
    second.refuseCall("presence.watch", ErrorCode.UNAVAILABLE);
    rig.settle();
    assertThat(rig.state()).isEqualTo(ConnectionState.CONNECTED);

    rig.rooms.leave(RoomName.of("a"));
    rig.presence.set(PresenceStatus.ONLINE);
    rig.presence.unwatch(List.of(FRIEND));
    rig.settle();
    rig.advance(Restoration.PAUSE.multipliedBy(2));

    assertThat(second.calls("room.join")).hasSize(1);
    assertThat(second.calls("presence.watch")).hasSize(1);
    assertThat(second.calls("presence.set")).hasSize(2);
  }

  @Test
  void of_two_joins_of_a_room_one_that_succeeds_is_enough() {
    FakeSocket first = rig.connected();
    CompletableFuture<Integer> failed = rig.rooms.join(RoomName.of("b"));
    CompletableFuture<Integer> succeeded = rig.rooms.join(RoomName.of("b"));
    rig.settle();
    List<Frame.Call> joins = first.calls("room.join");
    first.refuseCall(joins.get(0), ErrorCode.UNAVAILABLE);
    first.answer(joins.get(1), "room", "b", "members", 1);
    rig.settle();
    assertThat(failed).isCompletedExceptionally();
    assertThat(succeeded).isCompleted();

    FakeSocket second = rig.reopened();
    second.welcome(0, "c1");
    rig.settle();

    assertThat(second.calls("room.join")).hasSize(1);
  }

  @Test
  void a_join_that_fails_late_does_not_undo_a_leave_and_a_second_join() {
    FakeSocket first = rig.connected();
    CompletableFuture<Integer> cancelled = rig.rooms.join(RoomName.of("b"));
    rig.rooms.leave(RoomName.of("b"));
    rig.rooms.join(RoomName.of("b"));
    rig.settle();
    cancelled.cancel(true);
    rig.settle();
    first.answer("room.join", "room", "b", "members", 1);
    rig.settle();

    FakeSocket second = rig.reopened();
    second.welcome(0, "c1");
    rig.settle();

    assertThat(second.calls("room.join")).hasSize(1);
  }

  @Test
  void of_two_statuses_that_fail_neither_is_restored() {
    FakeSocket first = rig.connected();
    rig.presence.set(PresenceStatus.BUSY);
    rig.presence.set(PresenceStatus.ONLINE);
    rig.settle();
    first.calls("presence.set").forEach(call -> first.refuseCall(call, ErrorCode.FORBIDDEN));
    rig.settle();

    FakeSocket second = rig.reopened();
    second.welcome(0, "c1");
    rig.settle();

    assertThat(second.calls("presence.set")).isEmpty();
  }

  @Test
  void what_was_left_is_not_restored() {
    connectedInRoom("a");
    rig.rooms.leave(RoomName.of("a"));
    rig.settle();
    rig.socket().answer("room.leave", "room", "a");
    FakeSocket second = rig.reopened();
    second.welcome(0, "c1");
    rig.settle();
    assertThat(second.calls("room.join")).isEmpty();
    assertThat(rig.state()).isEqualTo(ConnectionState.CONNECTED);
  }

  @Test
  void a_refused_join_is_not_tried_on_the_next_connection() {
    FakeSocket first = rig.connected();
    CompletableFuture<Integer> join = rig.rooms.join(RoomName.of("full"));
    rig.settle();
    first.refuseCall("room.join", ErrorCode.ROOM_FULL);
    rig.settle();
    assertThat(join).isCompletedExceptionally();
    rig.reopened().welcome(0, "c1");
    rig.settle();
    assertThat(rig.socket().calls("room.join")).isEmpty();
  }

  @Test
  void a_room_that_became_closed_to_us_is_told_and_forgotten() {
    List<RoomLost> lost = new ArrayList<>();
    rig.listeners.onRoomLost(lost::add);
    connectedInRoom("a");
    FakeSocket second = rig.reopened();
    second.welcome(0, "c1");
    rig.settle();
    second.refuseCall("room.join", ErrorCode.FORBIDDEN);
    rig.settle();
    assertThat(rig.state()).isEqualTo(ConnectionState.CONNECTED);
    assertThat(lost).extracting(l -> l.room().value()).containsExactly("a");
    rig.reopened().welcome(0, "c2");
    rig.settle();
    assertThat(rig.socket().calls("room.join")).isEmpty();
  }

  @Test
  void a_store_that_is_away_does_not_hold_up_the_connection_and_is_asked_again() {
    connectedInRoom("a");
    FakeSocket second = rig.reopened();
    second.welcome(0, "c1");
    rig.settle();
    second.refuseCall("room.join", ErrorCode.UNAVAILABLE);
    rig.settle();
    assertThat(rig.state()).isEqualTo(ConnectionState.CONNECTED);
    rig.advance(Restoration.PAUSE);
    assertThat(second.calls("room.join")).hasSize(2);
  }

  @Test
  void a_join_without_an_answer_is_repeated_and_the_last_word_holds() {
    rig.connected();
    CompletableFuture<Integer> join = rig.rooms.join(RoomName.of("a"));
    rig.settle();
    FakeSocket second = rig.reopened();
    CompletableFuture<Void> leave = rig.rooms.leave(RoomName.of("a"));
    rig.settle();
    second.welcome(0, "c1");
    rig.settle();
    second.answer("room.join", "room", "a", "members", 1);
    second.answer("room.leave", "room", "a");
    rig.settle();
    assertThat(join).isCompletedWithValue(1);
    assertThat(leave).isCompleted();
    assertThat(second.sent.indexOf(second.lastCall("room.join")))
        .isLessThan(second.sent.indexOf(second.lastCall("room.leave")));
  }

  @Test
  void a_hundred_rooms_come_back_without_breaking_the_servers_rate() {
    rig.connected();
    for (int i = 0; i < 100; i++) {
      rig.driver.desired.join(dev.realtime4j.api.room.RoomName.of("r" + i));
    }
    FakeSocket second = rig.reopened();
    second.welcome(0, "c1");
    rig.settle();
    int answered = 0;
    for (int i = 0; i < 1_000 && rig.state() != ConnectionState.CONNECTED; i++) {
      assertThat(second.calls("room.join").size()).isLessThanOrEqualTo(16 + i / 10 * 9 + 9);
      while (answered < second.calls("room.join").size()) {
        second.answer(second.calls("room.join").get(answered++), "room", "r", "members", 1);
      }
      rig.advance(Duration.ofMillis(100));
    }
    assertThat(rig.state()).isEqualTo(ConnectionState.CONNECTED);
    assertThat(answered).isEqualTo(100);
  }

  @Test
  void a_change_of_presence_that_is_none_is_not_told() {
    FakeSocket socket = rig.connected();
    List<String> heard = new ArrayList<>();
    rig.listeners.onPresence(p -> heard.add(p.status().name()));
    rig.presence.watch(List.of(FRIEND));
    rig.settle();
    socket.answer("presence.watch", "presences", List.of(presence("ONLINE")));
    socket.push("presence.changed", "user_id", FRIEND, "status", "ONLINE", "last_seen", null);
    socket.push("presence.changed", "user_id", FRIEND, "status", "BUSY", "last_seen", null);
    rig.settle();
    assertThat(heard).containsExactly("BUSY");
  }

  @Test
  void more_users_than_one_call_may_name_are_split_and_answered_together() {
    FakeSocket socket = rig.connected();
    List<UserId> users = Stream.generate(UUID::randomUUID).map(UserId::new).limit(450).toList();
    CompletableFuture<Map<UserId, Presence>> watched = rig.presence.watch(users);
    CompletableFuture<Map<UserId, Presence>> got = rig.presence.get(users);
    CompletableFuture<Void> unwatched = rig.presence.unwatch(users);
    rig.settle();
    assertThat(socket.calls("presence.watch")).as("450 cost nine messages").hasSize(3);
    assertThat(socket.calls("presence.get")).as("of a burst of 16").hasSize(1);
    rig.advance(Duration.ofSeconds(3));

    for (String method : List.of("presence.watch", "presence.get", "presence.unwatch")) {
      List<Frame.Call> calls = socket.calls(method);
      List<UserId> named = new ArrayList<>();
      for (Frame.Call call : calls) {
        List<Json> ids = call.params().fields().getOrDefault("user_ids", Json.NULL).elements();
        assertThat(ids).hasSizeBetween(1, 200);
        ids.forEach(id -> named.add(UserId.of(id.asString())));
        List<Map<String, Object>> presences = new ArrayList<>();
        ids.forEach(id -> presences.add(Map.of("user_id", id, "status", "OFFLINE")));
        socket.answer(call, "presences", presences);
      }
      assertThat(named).isEqualTo(users);
    }
    rig.settle();
    assertThat(watched.join().keySet()).containsExactlyElementsOf(users);
    assertThat(got.join().keySet()).containsExactlyElementsOf(users);
    assertThat(unwatched).isCompleted();
  }

  @Test
  void a_part_that_is_refused_fails_the_whole_with_its_own_error() {
    FakeSocket socket = rig.connected();
    List<UserId> users = Stream.generate(UUID::randomUUID).map(UserId::new).limit(201).toList();
    CompletableFuture<Map<UserId, Presence>> got = rig.presence.get(users);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    got.whenComplete((answer, e) -> failure.set(e));
    rig.settle();
    socket.answer(socket.calls("presence.get").get(0), "presences", List.of());
    socket.refuseCall("presence.get", ErrorCode.FORBIDDEN);
    rig.settle();
    assertThat(failure.get())
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN));
  }

  private static Map<String, Object> presence(String status) {
    return Map.of("user_id", FRIEND, "status", status);
  }
}
