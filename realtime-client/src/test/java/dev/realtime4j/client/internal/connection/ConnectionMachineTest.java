package dev.realtime4j.client.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.client.ConnectionChange;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.internal.connection.ConnectionMachine.Transition;
import dev.realtime4j.client.internal.connection.Effect.TokenStanding;
import dev.realtime4j.client.internal.connection.MachineState.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectionMachineTest {
  private static final long NOW = 7;
  private static final IntFunction<Duration> USUAL =
      failures -> ReconnectBackoff.delay(failures, 0.5);

  /** Every state that the machine can be in, by a short name. */
  private enum At {
    IDLE(ConnectionState.IDLE, Step.RESTING),
    CONNECTING_WAITS(ConnectionState.CONNECTING, Step.WAITING),
    CONNECTING_OPENS(ConnectionState.CONNECTING, Step.OPENING),
    CONNECTING_RESTORES(ConnectionState.CONNECTING, Step.RESTORING),
    CONNECTED(ConnectionState.CONNECTED, Step.UP),
    RECONNECTING_WAITS(ConnectionState.RECONNECTING, Step.WAITING),
    RECONNECTING_HELD_BACK(ConnectionState.RECONNECTING, Step.WAITING, true),
    RECONNECTING_OPENS(ConnectionState.RECONNECTING, Step.OPENING),
    RECONNECTING_RESTORES(ConnectionState.RECONNECTING, Step.RESTORING),
    PAUSED(ConnectionState.PAUSED, Step.RESTING),
    CLOSED(ConnectionState.CLOSED, Step.RESTING),
    FAILED(ConnectionState.FAILED, Step.RESTING);

    final MachineState state;

    At(ConnectionState state, Step step) {
      this(state, step, false);
    }

    At(ConnectionState state, Step step, boolean heldBack) {
      this.state = new MachineState(state, step, NOW, 2, TokenStanding.GOOD, heldBack);
    }
  }

  private enum What {
    CONNECT(new Signal.Connect()),
    CLOSE(new Signal.Close()),
    PAUSE(new Signal.Pause()),
    RESUME(new Signal.Resume()),
    NETWORK(new Signal.NetworkChanged()),
    RETRY(new Signal.RetryDue(NOW)),
    WELCOMED(new Signal.Welcomed(NOW)),
    RESTORED(new Signal.Restored(NOW)),
    STABLE(new Signal.Stable(NOW)),
    LOST(new Signal.Lost(NOW, DisconnectReason.network("gone", null), USUAL)),
    REFUSED_401(new Signal.Lost(NOW, DisconnectReason.refused(401, null, null), USUAL)),
    SENT_AWAY(
        new Signal.Lost(
            NOW, DisconnectReason.closed(CloseCode.DISCONNECTED.value(), "", null), USUAL));

    final Signal signal;

    What(Signal signal) {
      this.signal = signal;
    }
  }

  /** The whole table: a row per state, "." for nothing happens. */
  private static final String TABLE =
      """
      AT                    CONNECT          CLOSE  PAUSE  RESUME           NETWORK          RETRY            WELCOMED              RESTORED  STABLE    LOST               REFUSED_401      SENT_AWAY
      IDLE                  CONNECTING_OPENS CLOSED .      .                .                .                .                     .         .         .                  .                .
      CONNECTING_WAITS      .                CLOSED PAUSED .                CONNECTING_OPENS CONNECTING_OPENS .                     .         .         .                  .                .
      CONNECTING_OPENS      .                CLOSED PAUSED .                CONNECTING_OPENS .                CONNECTING_RESTORES   .         .         CONNECTING_WAITS   CONNECTING_OPENS FAILED
      CONNECTING_RESTORES   .                CLOSED PAUSED .                CONNECTING_OPENS .                .                     CONNECTED .         CONNECTING_WAITS   CONNECTING_OPENS FAILED
      CONNECTED             .                CLOSED PAUSED .                RECONNECTING_OPENS .              .                     .         CONNECTED RECONNECTING_WAITS RECONNECTING_OPENS FAILED
      RECONNECTING_WAITS    .                CLOSED PAUSED .                RECONNECTING_OPENS RECONNECTING_OPENS .                 .         .         .                  .                .
      RECONNECTING_HELD_BACK .               CLOSED PAUSED .                .                RECONNECTING_OPENS .                 .         .         .                  .                .
      RECONNECTING_OPENS    .                CLOSED PAUSED .                RECONNECTING_OPENS .              RECONNECTING_RESTORES .         .         RECONNECTING_WAITS RECONNECTING_OPENS FAILED
      RECONNECTING_RESTORES .                CLOSED PAUSED .                RECONNECTING_OPENS .              .                     CONNECTED .         RECONNECTING_WAITS RECONNECTING_OPENS FAILED
      PAUSED                CONNECTING_OPENS CLOSED .      RECONNECTING_OPENS .              .                .                     .         .         .                  .                .
      CLOSED                .                .      .      .                .                .                .                     .         .         .                  .                .
      FAILED                CONNECTING_OPENS CLOSED .      .                .                .                .                     .         .         .                  .                .
      """;

  static Stream<Arguments> cells() {
    List<Arguments> cells = new ArrayList<>();
    String[] rows = TABLE.split("\n");
    String[] head = rows[0].trim().split(" +");
    for (int row = 1; row < rows.length; row++) {
      String[] cell = rows[row].trim().split(" +");
      for (int column = 1; column < head.length; column++) {
        cells.add(Arguments.of(cell[0], head[column], cell[column]));
      }
    }
    return cells.stream();
  }

  @Test
  void the_table_is_complete() {
    assertThat(cells()).hasSize(At.values().length * What.values().length);
  }

  @ParameterizedTest(name = "{0} and {1}: {2}")
  @MethodSource("cells")
  void each_state_and_signal_leads_where_the_table_says(String at, String what, String to) {
    MachineState before = At.valueOf(at).state;
    Transition transition = ConnectionMachine.next(before, What.valueOf(what).signal);
    if (to.equals(".")) {
      assertThat(transition.state()).isEqualTo(before);
      assertThat(transition.effects()).isEmpty();
    } else {
      At expected = At.valueOf(to);
      assertThat(transition.state().state()).isEqualTo(expected.state.state());
      assertThat(transition.state().step()).isEqualTo(expected.state.step());
    }
  }

  @ParameterizedTest(name = "{0} and {1}")
  @MethodSource("cells")
  void whatever_opens_or_ends_an_attempt_does_it_once_and_in_a_new_generation(
      String at, String what, String to) {
    MachineState before = At.valueOf(at).state;
    Transition transition = ConnectionMachine.next(before, What.valueOf(what).signal);
    List<Effect> effects = transition.effects();
    boolean opens = effects.stream().anyMatch(Effect.Open.class::isInstance);
    boolean hadSocket =
        before.step() == Step.OPENING
            || before.step() == Step.RESTORING
            || before.step() == Step.UP;
    boolean keepsSocket =
        transition.state().step() == Step.RESTORING || transition.state().step() == Step.UP;
    assertThat(effects.stream().filter(Effect.Open.class::isInstance)).hasSizeLessThan(2);
    if (hadSocket && (opens || !keepsSocket) && !effects.isEmpty()) {
      assertThat(effects.get(0)).isInstanceOf(Effect.Drop.class);
      assertThat(transition.state().generation()).isGreaterThan(NOW);
    }
    effects.stream()
        .filter(Effect.Open.class::isInstance)
        .map(Effect.Open.class::cast)
        .forEach(open -> assertThat(open.generation()).isEqualTo(transition.state().generation()));
  }

  @ParameterizedTest(name = "{0} and {1}")
  @MethodSource("cells")
  void a_change_of_state_is_announced_and_the_announced_state_is_the_new_one(
      String at, String what, String to) {
    MachineState before = At.valueOf(at).state;
    Transition transition = ConnectionMachine.next(before, What.valueOf(what).signal);
    List<ConnectionChange> announced = announced(transition);
    if (transition.state().state() != before.state()) {
      assertThat(announced).hasSize(1);
    }
    announced.forEach(change -> assertThat(change.state()).isEqualTo(transition.state().state()));
  }

  @Test
  void what_comes_late_from_an_old_attempt_changes_nothing_in_any_state() {
    long old = NOW - 1;
    List<Signal> late =
        List.of(
            new Signal.RetryDue(old),
            new Signal.Welcomed(old),
            new Signal.Restored(old),
            new Signal.Stable(old),
            new Signal.Lost(old, DisconnectReason.network("late", null), USUAL));
    for (At at : At.values()) {
      for (Signal signal : late) {
        assertThat(ConnectionMachine.next(at.state, signal))
            .as(at + " and " + signal)
            .isEqualTo(new Transition(at.state, List.of()));
      }
    }
  }

  @Test
  void a_loss_waits_with_full_jitter_and_counts() {
    Transition transition = ConnectionMachine.next(At.CONNECTED.state, What.LOST.signal);
    Duration delay = Duration.ofMillis(1_000); // half of 0.5 s · 2²
    assertThat(transition.effects())
        .contains(new Effect.AwaitRetry(NOW + 1, delay), new Effect.GoOffline());
    assertThat(transition.state().failures()).isEqualTo(3);
    assertThat(announced(transition).get(0).delay()).isEqualTo(delay);
    assertThat(announced(transition).get(0).attempt()).isEqualTo(4);
    assertThat(announced(transition).get(0).cause()).hasMessage("gone");
  }

  @Test
  void a_stable_connection_forgets_the_failures() {
    Transition transition = ConnectionMachine.next(At.CONNECTED.state, What.STABLE.signal);
    assertThat(transition.state().failures()).isZero();
  }

  @Test
  void a_refused_token_is_replaced_at_once_only_the_first_time() {
    Transition first = ConnectionMachine.next(At.CONNECTING_OPENS.state, What.REFUSED_401.signal);
    assertThat(first.effects()).contains(new Effect.Open(NOW + 1, TokenStanding.REFUSED));
    Transition second =
        ConnectionMachine.next(
            first.state(),
            new Signal.Lost(NOW + 1, DisconnectReason.refused(401, null, null), USUAL));
    assertThat(second.state().step()).isEqualTo(Step.WAITING);
    Transition third = ConnectionMachine.next(second.state(), new Signal.RetryDue(NOW + 2));
    assertThat(third.effects()).contains(new Effect.Open(NOW + 2, TokenStanding.REFUSED));
    Transition fourth = ConnectionMachine.next(third.state(), new Signal.Welcomed(NOW + 2));
    assertThat(fourth.state().token()).isEqualTo(TokenStanding.GOOD);
  }

  @ParameterizedTest
  @CsvSource({
    "1000, GIVE_UP, 0",
    "1001, BACKOFF, 0",
    "1006, BACKOFF, 0",
    "1009, GIVE_UP, 0",
    "1011, BACKOFF, 0",
    "1012, BACKOFF, 0",
    "4400, GIVE_UP, 0",
    "4401, BACKOFF_NEW_TOKEN, 0",
    "4403, GIVE_UP, 0",
    "4408, BACKOFF, 0",
    "4409, GIVE_UP, 0",
    "4429, BACKOFF, 10",
    "4508, BACKOFF, 0",
    "4999, BACKOFF, 0"
  })
  void a_close_code_says_whether_to_come_back(
      int code, DisconnectReason.Next next, int floorSeconds) {
    DisconnectReason loss = DisconnectReason.closed(code, "why", null);
    assertThat(loss.next()).isEqualTo(next);
    assertThat(loss.floor()).isEqualTo(Duration.ofSeconds(floorSeconds));
    assertThat(loss.cause()).hasMessageContaining(String.valueOf(code)).hasMessageContaining("why");
  }

  @ParameterizedTest
  @CsvSource({
    "401, 0, NEW_TOKEN_AT_ONCE, 0",
    "403, 0, BACKOFF, 10",
    "403, 60, BACKOFF, 60",
    "404, 0, BACKOFF, 0",
    "429, 5, BACKOFF, 5",
    "503, 7, BACKOFF, 7",
    "503, 999999, BACKOFF, 600",
    "500, 0, BACKOFF, 0"
  })
  void a_refusal_is_never_the_end(
      int status, int retryAfter, DisconnectReason.Next next, int floorSeconds) {
    DisconnectReason loss =
        DisconnectReason.refused(
            status, retryAfter == 0 ? null : Duration.ofSeconds(retryAfter), null);
    assertThat(loss.next()).isEqualTo(next);
    assertThat(loss.floor()).isEqualTo(Duration.ofSeconds(floorSeconds));
  }

  @Test
  void the_delay_stays_between_its_bounds() {
    assertThat(ReconnectBackoff.delay(0, 0)).isEqualTo(Duration.ofMillis(250));
    assertThat(ReconnectBackoff.delay(0, 0.999)).isLessThan(Duration.ofMillis(500));
    assertThat(ReconnectBackoff.delay(3, 0.5)).isEqualTo(Duration.ofSeconds(2));
    for (int failures = 6; failures < 1_000; failures += 7) {
      assertThat(ReconnectBackoff.delay(failures, 0.999))
          .isBetween(Duration.ofSeconds(29), Duration.ofSeconds(30));
      assertThat(ReconnectBackoff.delay(failures, 0)).isEqualTo(Duration.ofMillis(250));
    }
    assertThat(ReconnectBackoff.delay(Integer.MAX_VALUE, 0.5)).isEqualTo(Duration.ofSeconds(15));
  }

  private static List<ConnectionChange> announced(Transition transition) {
    return transition.effects().stream()
        .filter(Effect.Announce.class::isInstance)
        .map(effect -> ((Effect.Announce) effect).change())
        .toList();
  }
}
