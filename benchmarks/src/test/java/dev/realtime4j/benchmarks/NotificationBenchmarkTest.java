package dev.realtime4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** That it measures what it says; how fast that is, no test asks. */
class NotificationBenchmarkTest {
  @Test
  void everything_that_is_sent_is_measured() throws IOException {
    try (NotificationStage stage = NotificationStage.start()) {
      assertThat(NotificationBenchmark.async(stage, 100, 1).total()).isEqualTo(100);
      assertThat(NotificationBenchmark.alone(stage, 1).total()).isEqualTo(50);
      assertThat(NotificationBenchmark.besideBulk(stage, 300).total()).isPositive();
    }
  }

  @Test
  void a_wrong_option_is_answered_with_those_that_there_are() {
    assertThat(NotificationOptions.parse("--rate 10 --receivers 5"))
        .isEqualTo(new NotificationOptions(10, 10, 5));
    assertThatThrownBy(() -> NotificationOptions.parse("--rates", "3"))
        .hasMessageContaining("--rate");
    assertThatThrownBy(() -> NotificationOptions.parse("--rate 0")).hasMessageContaining("1 to");
    assertThatThrownBy(() -> NotificationOptions.parse("--rate")).hasMessageContaining("lacks");
  }
}
