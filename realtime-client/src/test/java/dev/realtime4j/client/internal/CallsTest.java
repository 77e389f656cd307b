package dev.realtime4j.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.client.CursorStore;
import dev.realtime4j.client.OfflinePolicy;
import dev.realtime4j.client.internal.call.Call;
import dev.realtime4j.client.internal.call.Calls;
import dev.realtime4j.client.internal.connection.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CallsTest {
  private final Rig rig = new Rig();

  private CompletableFuture<Json> echo(Json params) {
    CompletableFuture<Json> future =
        rig.driver.calls.call(new Call<>(Call.Owner.APPLICATION, "echo", params, result -> result));
    rig.settle();
    return future;
  }

  private static void assertFailed(CompletableFuture<?> future, ErrorCode code) {
    assertThat(future).isCompletedExceptionally();
    Throwable failure = future.handle((result, thrown) -> thrown).join();
    assertThat(failure)
        .isInstanceOfSatisfying(
            RealtimeException.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }

  @Test
  void answers_find_their_calls_in_any_order() {
    FakeSocket socket = rig.connected();
    CompletableFuture<Json> first = echo(Json.object("n", 1));
    CompletableFuture<Json> second = echo(Json.object("n", 2));
    socket.answer(socket.calls("echo").get(1), "two", 2);
    socket.answer(socket.calls("echo").get(0), "one", 1);
    rig.settle();
    assertThat(first).isCompletedWithValue(Json.object("one", 1));
    assertThat(second).isCompletedWithValue(Json.object("two", 2));
  }

  @Test
  void a_refusal_reaches_the_caller_with_its_code() {
    FakeSocket socket = rig.connected();
    CompletableFuture<Json> call = echo(Json.EMPTY);
    socket.refuseCall("echo", ErrorCode.ROOM_FULL);
    rig.settle();
    assertFailed(call, ErrorCode.ROOM_FULL);
  }

  @Test
  void a_call_without_an_answer_fails_after_its_time() {
    rig.connected();
    CompletableFuture<Json> call = echo(Json.EMPTY);
    rig.advance(Duration.ofMillis(9_900));
    assertThat(call).isNotDone();
    rig.advance(Duration.ofMillis(200));
    assertFailed(call, ErrorCode.UNAVAILABLE);
  }

  @Test
  void an_answer_that_comes_twice_or_too_late_changes_nothing() {
    FakeSocket socket = rig.connected();
    CompletableFuture<Json> call = echo(Json.EMPTY);
    socket.answer("echo", "a", 1);
    socket.answer("echo", "a", 2);
    socket.text("{\"id\":99,\"result\":{}}");
    rig.settle();
    assertThat(call).isCompletedWithValue(Json.object("a", 1));
  }

  @Test
  void a_cancelled_call_is_not_sent_any_more() {
    CompletableFuture<Json> call = echo(Json.EMPTY);
    call.cancel(false);
    assertThat(rig.connected().calls("echo")).isEmpty();
  }

  @Test
  void calls_made_offline_wait_and_go_out_in_order() {
    List<CompletableFuture<Json>> calls = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      calls.add(echo(Json.object("n", i)));
    }
    FakeSocket socket = rig.connected();
    assertThat(socket.calls("echo"))
        .extracting(call -> call.params().text())
        .containsExactly("{\"n\":0}", "{\"n\":1}", "{\"n\":2}", "{\"n\":3}", "{\"n\":4}");
    assertThat(socket.texts).as("joined into one frame").hasSize(1);
    assertThat(calls).noneMatch(CompletableFuture::isDone);
  }

  @Test
  void a_call_waits_for_the_connection_half_a_minute_at_most() {
    CompletableFuture<Json> call = echo(Json.EMPTY);
    rig.advance(Duration.ofSeconds(31));
    assertFailed(call, ErrorCode.UNAVAILABLE);
  }

  @Test
  void the_queue_has_a_bound_in_number_and_one_in_size() {
    for (int i = 0; i < Calls.MAX_WAITING; i++) {
      assertThat(echo(Json.EMPTY)).isNotDone();
    }
    assertFailed(echo(Json.EMPTY), ErrorCode.UNAVAILABLE);

    Rig other = new Rig();
    Json large = Json.of(Map.of("text", "x".repeat(60_000)));
    List<CompletableFuture<Json>> calls = new ArrayList<>();
    for (int i = 0; i < 18; i++) {
      calls.add(
          other.driver.calls.call(
              new Call<>(Call.Owner.APPLICATION, "echo", large, result -> result)));
    }
    other.settle();
    assertThat(calls.stream().filter(CompletableFuture::isDone)).hasSize(1);
    assertFailed(calls.get(17), ErrorCode.UNAVAILABLE);
  }

  @Test
  void a_message_that_the_server_would_close_the_socket_for_is_not_sent() {
    rig.connected();
    assertFailed(echo(Json.of(Map.of("text", "x".repeat(65_536)))), ErrorCode.LIMIT_EXCEEDED);
    assertFailed(echo(Json.of(Map.of("text", "€".repeat(22_000)))), ErrorCode.LIMIT_EXCEEDED);
    assertThat(echo(Json.of(Map.of("text", "€".repeat(21_000))))).isNotDone();
  }

  @Test
  void with_the_policy_fail_a_call_offline_fails_at_once() {
    Rig strict = new Rig(CursorStore.inMemory(), OfflinePolicy.FAIL);
    CompletableFuture<Json> call =
        strict.driver.calls.call(
            new Call<>(Call.Owner.APPLICATION, "echo", Json.EMPTY, result -> result));
    strict.settle();
    assertFailed(call, ErrorCode.UNAVAILABLE);
  }

  @Test
  void when_the_connection_is_lost_safe_calls_are_repeated_and_others_fail() {
    rig.connected();
    CompletableFuture<Json> unsafe = echo(Json.EMPTY);
    CompletableFuture<?> safe = rig.notificationCalls.read(NotificationId.of(FakeSocket.id(1)));
    CompletableFuture<?> publish = rig.rooms.publish(RoomName.of("a"), "e", Json.EMPTY);
    rig.settle();
    FakeSocket second = rig.reopened();
    assertFailed(unsafe, ErrorCode.UNAVAILABLE);
    assertFailed(publish, ErrorCode.UNAVAILABLE);
    assertThat(safe).isNotDone();
    second.welcome(0, "c1");
    rig.settle();
    second.answer("notification.read", "unread", Map.of("count", 2, "capped", false));
    rig.settle();
    assertThat(safe).isCompleted();
    assertThat(second.calls("echo")).isEmpty();
  }

  @Test
  void messages_keep_below_the_servers_rate() {
    FakeSocket socket = rig.connected();
    for (int i = 0; i < 60; i++) {
      echo(Json.object("n", i));
    }
    assertThat(socket.calls("echo")).hasSize(16);
    rig.advance(Duration.ofSeconds(1));
    assertThat(socket.calls("echo")).hasSizeBetween(24, 26);
    rig.advance(Duration.ofSeconds(5));
    assertThat(socket.calls("echo")).hasSize(60);
  }

  @Test
  void the_connections_own_calls_leave_room_for_the_applications() {
    FakeSocket socket = rig.connected();
    rig.loop.execute(
        () -> {
          for (int i = 0; i < 100; i++) {
            Json params = Json.object("n", i);
            rig.driver.calls.callFirst(
                new Call<>(Call.Owner.CONNECTION, "own", params, result -> result));
          }
        });
    rig.settle();
    assertThat(socket.calls("own")).hasSize(16);
    echo(Json.EMPTY);
    echo(Json.EMPTY);
    rig.advance(Duration.ofSeconds(1));
    assertThat(socket.calls("echo")).hasSize(2);
    assertThat(socket.calls("own")).hasSizeBetween(22, 24);
  }

  @Test
  void a_closed_client_fails_all_calls_and_everybody_who_waits() {
    CompletableFuture<Void> connecting = rig.driver.connect();
    CompletableFuture<Json> waiting = echo(Json.EMPTY);
    rig.driver.signal(new Signal.Close());
    rig.settle();
    assertFailed(waiting, ErrorCode.UNAVAILABLE);
    assertFailed(connecting, ErrorCode.UNAVAILABLE);
    assertFailed(echo(Json.EMPTY), ErrorCode.UNAVAILABLE);
    CompletableFuture<Void> again = rig.driver.connect();
    rig.settle();
    assertFailed(again, ErrorCode.UNAVAILABLE);
  }

  @Test
  void an_answer_of_another_shape_fails_the_call_only() {
    FakeSocket socket = rig.connected();
    CompletableFuture<?> count = rig.notificationCalls.unreadCount();
    rig.settle();
    socket.answer("notification.unread_count", "kount", 1);
    rig.settle();
    assertFailed(count, ErrorCode.INTERNAL);
    assertThat(socket.aborted).isFalse();
  }
}
