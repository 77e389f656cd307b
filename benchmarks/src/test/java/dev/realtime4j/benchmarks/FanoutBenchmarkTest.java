package dev.realtime4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That the benchmark measures what it says; how fast that is, no test asks. */
class FanoutBenchmarkTest {
  private static final String SMALL = "--subs 20 --rounds 1 --seconds 1 --warmup 0 ";

  @Test
  void both_servers_deliver_to_every_subscriber_everything_that_was_published() throws IOException {
    List<Result> results = FanoutBenchmark.fanout(Options.parse(SMALL));
    assertThat(results).extracting(Result::contender).containsExactly(Contender.values());
    assertThat(results)
        .allSatisfy(
            result -> {
              assertThat(result.published()).isPositive();
              assertThat(result.delivered()).isEqualTo(20 * result.published());
              assertThat(result.messagesPerFrame()).isGreaterThanOrEqualTo(1);
            });
  }

  @Test
  void at_a_fixed_rate_just_so_many_are_published_and_their_latency_is_known() throws IOException {
    assertThat(FanoutBenchmark.fanout(Options.parse(SMALL + "--rate 50")))
        .hasSize(2)
        .allSatisfy(
            result -> {
              assertThat(result.delivered()).isEqualTo(20 * result.published());
              assertThat(result.p50()).isPositive().isLessThanOrEqualTo(result.p99());
            });
  }

  @Test
  void every_socket_of_a_row_of_connects_is_opened() throws IOException {
    for (Contender contender : Contender.values()) {
      ConnectRound.Opened opened = ConnectRound.run(Options.parse("--connect 50"), contender);
      assertThat(opened.opened()).isEqualTo(50);
      assertThat(opened.failed()).isZero();
    }
  }

  @Test
  void a_latency_is_found_again_within_its_class() {
    Latencies latencies = new Latencies();
    for (int millis = 1; millis <= 100; millis++) {
      latencies.add(Duration.ofMillis(millis).toNanos());
    }
    assertThat(latencies.percentile(50)).isBetween(Duration.ofMillis(50), Duration.ofMillis(52));
    assertThat(latencies.percentile(99)).isBetween(Duration.ofMillis(99), Duration.ofMillis(103));
  }

  @Test
  void a_wrong_option_is_answered_with_those_that_there_are() {
    assertThatThrownBy(() -> Options.parse("--sub", "3")).hasMessageContaining("--subs");
    assertThatThrownBy(() -> Options.parse("--subs 0")).hasMessageContaining("1 to 100000");
    assertThatThrownBy(() -> Options.parse("--subs")).hasMessageContaining("lacks its number");
  }
}
