package dev.realtime4j.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Json;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.internal.call.Call;
import dev.realtime4j.protocol.Frame;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Whatever arrives is a sign of life, and this end gives its own where its answer would be late.
 */
class SlowLinkRulesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Rig rig = new Rig();

  /** A message arrives for so long, and is not whole yet. */
  private void trickle(FakeSocket socket, int seconds) {
    for (int i = 0; i < seconds; i++) {
      socket.bytes(true);
      rig.advance(SECOND);
    }
  }

  private static int heartbeats(FakeSocket socket) {
    return (int) socket.sent.stream().filter(Frame.Heartbeat.class::isInstance).count();
  }

  @Test
  void a_welcome_that_comes_with_all_that_was_missed_is_waited_for_while_bytes_arrive() {
    rig.driver.connect();
    rig.settle();
    FakeSocket socket = rig.socket();

    trickle(socket, 60);
    assertThat(rig.sockets).hasSize(1);
    assertThat(heartbeats(socket)).as("the server's own is behind it").isBetween(9, 13);
    socket.welcome(null, "c0");
    rig.settle();

    assertThat(rig.state()).isEqualTo(ConnectionState.CONNECTED);
  }

  @Test
  void a_welcome_that_does_not_come_is_not_waited_for_without_end() {
    rig.driver.connect();
    rig.settle();
    FakeSocket socket = rig.socket();

    trickle(socket, 69);
    assertThat(socket.aborted).isFalse();
    trickle(socket, 2);

    assertThat(socket.aborted).isTrue();
    assertThat(String.valueOf(rig.lastChange().cause())).contains("no welcome");
  }

  @Test
  void a_welcome_of_which_nothing_arrives_is_waited_for_as_long_as_before() {
    rig.driver.connect();
    rig.settle();
    FakeSocket socket = rig.socket();
    rig.advance(Duration.ofSeconds(9));
    assertThat(socket.aborted).isFalse();
    rig.advance(SECOND);
    assertThat(socket.aborted).isTrue();
  }

  @Test
  void a_message_that_takes_minutes_to_arrive_is_no_silence() {
    FakeSocket socket = rig.connected();

    trickle(socket, 120);

    assertThat(rig.sockets).hasSize(1);
    assertThat(heartbeats(socket)).as("within each 10 s, as the server waits").isBetween(19, 25);
  }

  @Test
  void pings_are_signs_of_life_as_well_and_what_has_died_is_noticed_as_before() {
    FakeSocket socket = rig.connected();
    for (int i = 0; i < 60; i++) {
      socket.bytes(false);
      rig.advance(Duration.ofSeconds(5));
    }
    assertThat(rig.sockets).hasSize(1);

    rig.advance(Duration.ofSeconds(29));
    assertThat(socket.aborted).isFalse();
    rig.advance(Duration.ofSeconds(2));
    assertThat(socket.aborted).as("35 s after the last of them").isTrue();
  }

  @Test
  void heartbeats_in_quiet_are_answered_once_and_nothing_else_is_said() {
    FakeSocket socket = rig.connected();
    rig.advance(Duration.ofSeconds(10));
    socket.text("{}");
    rig.advance(Duration.ofSeconds(10));
    socket.sent.clear();
    socket.text("{}");
    rig.settle();
    for (int i = 0; i < 10; i++) {
      rig.advance(Duration.ofSeconds(25));
      socket.text("{}");
      rig.settle();
    }
    assertThat(heartbeats(socket)).isEqualTo(11);
  }

  @Test
  void a_large_call_has_the_time_that_it_needs_on_a_slow_link() {
    FakeSocket socket = rig.connected();
    CompletableFuture<Json> call =
        rig.driver.calls.call(
            new Call<>(
                Call.Owner.APPLICATION,
                "echo",
                Json.object("text", "x".repeat(60_000)),
                result -> result));
    rig.settle();
    for (int second = 0; second < 32; second++) {
      socket.text("{}");
      rig.advance(SECOND);
    }
    assertThat(call).as("60 kB at 2 kB a second, and what comes after").isNotDone();
    for (int second = 0; second < 10; second++) {
      socket.text("{}");
      rig.advance(SECOND);
    }
    assertThat(call).isCompletedExceptionally();
  }

  @Test
  void a_small_call_behind_a_large_one_has_its_time_as_well() {
    FakeSocket socket = rig.connected();
    rig.driver.calls.call(
        new Call<>(
            Call.Owner.APPLICATION,
            "echo",
            Json.object("text", "x".repeat(60_000)),
            result -> result));
    CompletableFuture<Json> small =
        rig.driver.calls.call(
            new Call<>(Call.Owner.APPLICATION, "echo", Json.EMPTY, result -> result));
    rig.settle();
    for (int second = 0; second < 35; second++) {
      socket.text("{}");
      rig.advance(SECOND);
    }
    assertThat(small).isNotDone();
  }

  @Test
  void an_answer_that_is_arriving_is_waited_for() {
    FakeSocket socket = rig.connected();
    CompletableFuture<Json> call =
        rig.driver.calls.call(
            new Call<>(Call.Owner.APPLICATION, "echo", Json.EMPTY, result -> result));
    rig.settle();
    trickle(socket, 60);
    assertThat(call).isNotDone();

    socket.answer("echo", "said", "late");
    rig.settle();
    assertThat(call).isCompleted();
  }

  @Test
  void an_answer_behind_all_that_was_missed_is_waited_for() {
    rig.connected();
    FakeSocket socket = rig.reopened();
    socket.welcome(50, "c1");
    rig.settle();
    CompletableFuture<Json> call =
        rig.driver.calls.call(
            new Call<>(Call.Owner.APPLICATION, "echo", Json.EMPTY, result -> result));
    rig.settle();
    for (int i = 1; i <= 50; i++) {
      rig.advance(SECOND);
      assertThat(call).as("before the last of them, and what comes behind it").isNotDone();
      socket.notification(i);
    }
    rig.advance(Duration.ofSeconds(3));
    assertThat(call).isCompletedExceptionally();
  }
}
