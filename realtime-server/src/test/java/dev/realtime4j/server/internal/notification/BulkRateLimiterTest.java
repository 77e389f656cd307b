package dev.realtime4j.server.internal.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.server.internal.environment.ServerEnvironment;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BulkRateLimiterTest {
  @Test
  void it_is_never_faster_than_it_says_whoever_shares_it() {
    BulkRateLimiter pace = new BulkRateLimiter(1_000, ServerEnvironment.system());
    long begin = System.nanoTime();
    // Slices of 50: the last one of five begins four slices after the first.
    IntStream.range(0, 5)
        .parallel()
        .forEach(i -> IntStream.range(0, 50).forEach(n -> pace.await()));
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isGreaterThanOrEqualTo(Duration.ofMillis(200));
  }

  @Test
  void an_interrupted_thread_does_not_wait_and_stays_interrupted() {
    BulkRateLimiter pace = new BulkRateLimiter(1, ServerEnvironment.system());
    Thread.currentThread().interrupt();
    IntStream.range(0, 500).forEach(n -> pace.await());
    assertThat(Thread.interrupted()).isTrue();
  }
}
