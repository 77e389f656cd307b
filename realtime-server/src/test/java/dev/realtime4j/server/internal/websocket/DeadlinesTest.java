package dev.realtime4j.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  /** Near its overflow, where only differences tell what is earlier. */
  private long now = Long.MAX_VALUE - 1_000_000;

  private final Deadlines<String> deadlines = new Deadlines<>(() -> now);

  @Test
  void gives_each_at_its_time_soonest_first() {
    deadlines.add("second", Duration.ofMillis(20));
    deadlines.add("first", Duration.ofMillis(10));
    assertThat(deadlines.millisToNext()).isEqualTo(10);
    assertThat(deadlines.poll()).isNull();
    now += Duration.ofMillis(25).toNanos();
    assertThat(deadlines.poll()).isEqualTo("first");
    assertThat(deadlines.poll()).isEqualTo("second");
    assertThat(deadlines.poll()).isNull();
    assertThat(deadlines.millisToNext()).isZero();
  }

  @Test
  void a_cancelled_one_neither_comes_nor_wakes_anybody() {
    deadlines.add("cancelled", Duration.ofMillis(1)).cancel();
    deadlines.add("late", Duration.ofMillis(50));
    assertThat(deadlines.millisToNext()).isEqualTo(50);
    now += Duration.ofMillis(10).toNanos();
    assertThat(deadlines.poll()).isNull();
  }

  @Test
  void waits_at_least_a_millisecond_for_what_is_due() {
    deadlines.add("due", Duration.ofNanos(1));
    assertThat(deadlines.millisToNext()).isEqualTo(1);
    now += 2;
    assertThat(deadlines.millisToNext()).isEqualTo(1);
    assertThat(deadlines.poll()).isEqualTo("due");
  }
}
