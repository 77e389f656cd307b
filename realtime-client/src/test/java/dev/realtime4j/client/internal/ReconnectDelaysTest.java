package dev.realtime4j.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.client.ConnectionChange;
import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.client.internal.connection.ReconnectDelays;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReconnectDelaysTest {
  private static List<Duration> delays(ReconnectDelays delays, int attempts) {
    Rig rig = new Rig(delays);
    rig.driver.connect();
    rig.settle();
    List<Duration> waits = new ArrayList<>();
    for (int i = 0; i < attempts; i++) {
      rig.socket().end(1006, "");
      rig.settle();
      ConnectionChange change = rig.lastChange();
      assertThat(change.attempt()).isEqualTo(i + 2);
      waits.add(change.delay());
      rig.advance(change.delay());
    }
    return waits;
  }

  private static List<Duration> seconds(int... seconds) {
    List<Duration> all = new ArrayList<>();
    for (int each : seconds) {
      all.add(Duration.ofSeconds(each));
    }
    return all;
  }

  @Test
  void the_bounds_may_be_others() {
    ReconnectDelays slow = ReconnectDelays.between(Duration.ofSeconds(4), Duration.ofSeconds(50));

    assertThat(delays(slow, 6)).isEqualTo(seconds(4, 8, 16, 25, 25, 25));
    assertThat(slow.before(0, 0)).isEqualTo(Duration.ofSeconds(4));
    assertThat(slow.before(Integer.MAX_VALUE, 0.9)).isEqualTo(Duration.ofSeconds(45));
    Duration day = Duration.ofDays(1);
    assertThat(ReconnectDelays.between(day, day).before(60, 0.99)).isEqualTo(day);
  }

  @Test
  void a_function_is_given_the_attempt_and_taken_at_its_word() {
    assertThat(delays(ReconnectDelays.chosen(attempt -> Duration.ofSeconds(attempt)), 3))
        .isEqualTo(seconds(1, 2, 3));
    assertThat(ReconnectDelays.chosen(attempt -> Duration.ofDays(400)).before(0, 0))
        .isEqualTo(Duration.ofDays(1));
  }

  @Test
  void a_function_that_fails_leaves_the_usual_delay() {
    List<IntFunction<@Nullable Duration>> flawed =
        List.of(
            attempt -> null,
            attempt -> Duration.ofSeconds(-1),
            attempt -> {
              throw new IllegalStateException("no idea");
            });
    for (IntFunction<@Nullable Duration> each : flawed) {
      assertThat(delays(ReconnectDelays.chosen(each), 4))
          .isEqualTo(delays(ReconnectDelays.USUAL, 4));
    }
  }

  @Test
  void what_the_server_asks_for_is_added() {
    Rig rig = new Rig(ReconnectDelays.chosen(attempt -> Duration.ofSeconds(3)));
    rig.driver.connect();
    rig.settle();
    rig.socket().refuse(503, Duration.ofSeconds(7));
    rig.settle();
    assertThat(rig.lastChange().delay()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void bounds_that_are_none_are_refused() {
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> RealtimeClient.builder().reconnectDelay(Duration.ZERO, second))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("least");
    assertThatThrownBy(
            () -> RealtimeClient.builder().reconnectDelay(second, Duration.ofMillis(999)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("most");
    RealtimeClient.builder().reconnectDelay(second, second);
  }
}
