package dev.realtime4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That the benchmarks of what comes in numbers measure at all; not what. */
final class LimitsBenchmarkTest {
  @Test
  void idle_sockets_are_measured() throws IOException {
    Words words = new Words().number("sockets", 20).number("seconds", 1).number("settle", 1);

    assertThat(IdleBenchmark.measure(words)).startsWith("20 idle sockets: ");
  }

  @Test
  void readers_are_measured_while_others_stall() throws IOException {
    Words words =
        StalledBenchmark.words()
            .parse("--sockets 40 --stalled 4 --rooms 4 --rate 40 --payload 100 --seconds 1")
            .parse("--rounds 1");

    List<StalledRound.Part> parts = StalledBenchmark.measure(words);

    assertThat(parts).extracting(StalledRound.Part::stalled).containsExactly(0, 4);
    assertThat(parts)
        .allSatisfy(
            part -> {
              assertThat(part.deliveries()).isBetween(300L, 400L); // 36 readers, 10 a second each
              assertThat(part.p50()).isPositive().isLessThanOrEqualTo(part.p99());
            });
  }

  @Test
  void users_who_behave_well_are_measured_while_others_attack() throws IOException {
    Words words = AttackBenchmark.words().parse("--seconds 1 --rounds 1");

    List<AttackBenchmark.Part> parts =
        AttackBenchmark.measure(words, List.of(Attack.SILENT, Attack.BUS));

    assertThat(parts)
        .hasSize(2)
        .allSatisfy(
            part -> {
              assertThat(part.echo50()).isPositive().isLessThanOrEqualTo(part.echo99());
              assertThat(part.presence50()).isPositive().isLessThanOrEqualTo(part.presence99());
            });
  }

  @Test
  void clients_that_come_back_are_counted_in_each_round() throws IOException {
    List<Double> rounds = new ArrayList<>();

    StormBenchmark.measure(new Words().number("sockets", 50).number("rounds", 2), rounds::add);

    assertThat(rounds).hasSize(2).allSatisfy(perSecond -> assertThat(perSecond).isPositive());
  }

  @Test
  void a_wrong_option_is_answered_with_those_that_there_are() {
    assertThatThrownBy(() -> StalledBenchmark.words().parse("--stall 3"))
        .hasMessageContaining("there is no --stall; options: --sockets 1000 --stalled 100");
    assertThatThrownBy(() -> StalledBenchmark.words().parse("--rate 0"))
        .hasMessageContaining("1 to 1000000");
    assertThatThrownBy(() -> StalledBenchmark.words().parse("--rate"))
        .hasMessageContaining("lacks its number");
  }
}
