package dev.realtime4j.server.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.MaintenanceStep;
import dev.realtime4j.api.MaintenanceStep.Outcome;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.StoreDiagnostics;
import dev.realtime4j.api.StoreMaintenance;
import dev.realtime4j.server.CapturedLog;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.feature.DurableStore;
import dev.realtime4j.server.internal.health.ProblemList;
import dev.realtime4j.server.internal.health.ProblemList.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Steps that fail, wait and heal, each by itself. */
class MaintenanceTest {
  private final ProblemList problems = new ProblemList(() -> Instant.EPOCH);
  private final AtomicInteger measured = new AtomicInteger();
  private boolean fit = true;
  private long nanos = Long.MAX_VALUE - 7; // It may overflow.
  private final Maintenance maintenance =
      new Maintenance(problems, () -> fit, measured::incrementAndGet, environment());

  private ServerEnvironment environment() {
    ServerEnvironment system = ServerEnvironment.system();
    return new ServerEnvironment(system.clock(), () -> nanos, system.random(), system.threads());
  }

  private static final class Step {
    final MaintenanceStep step;
    MaintenanceStep.Work work = () -> Outcome.DONE;
    int runs;

    Step(String name) {
      step =
          new MaintenanceStep(
              name,
              () -> {
                runs++;
                return work.run();
              });
    }

    void fails(ErrorCode code, String message) {
      work =
          () -> {
            throw new RealtimeException(code, message);
          };
    }
  }

  private final Step months = new Step("months");
  private final Step keys = new Step("keys");

  MaintenanceTest() {
    maintenance.add(
        new DurableStore(
            "notifications",
            new StoreDiagnostics() {},
            new StoreMaintenance() {
              @Override
              public List<MaintenanceStep> maintenance() {
                return List.of(months.step);
              }
            },
            List.of(keys.step)));
  }

  private void after(Duration time) {
    long end = nanos + time.toNanos();
    while (end - nanos > 0) {
      nanos += Math.min(Duration.ofSeconds(1).toNanos(), end - nanos);
      maintenance.tick();
    }
  }

  @Test
  void each_step_is_done_at_the_start_and_about_twice_a_day() {
    maintenance.tick();
    maintenance.tick();
    assertThat(months.runs).isOne();
    assertThat(keys.runs).isOne();
    assertThat(measured).hasValue(1);

    after(Duration.ofHours(12));
    assertThat(months.runs).isEqualTo(2);
    after(Duration.ofHours(24));
    assertThat(months.runs).isBetween(4, 5);
  }

  @Test
  void a_step_that_fails_hinders_no_other_is_told_once_and_repeated_until_it_is_done() {
    try (CapturedLog log = CapturedLog.open()) {
      months.fails(ErrorCode.INTERNAL, "rows are in the way; move them");
      maintenance.tick();

      assertThat(keys.runs).isOne();
      assertThat(problems.current())
          .containsExactly(
              new Problem(
                  "maintenance.notifications.months",
                  Instant.EPOCH,
                  "rows are in the way; move them"));
      after(Duration.ofHours(1));
      // Quickly at first, then every ten minutes.
      assertThat(months.runs).isBetween(10, 20);
      assertThat(log.from(Level.WARN)).hasSize(1);
      assertThat(maintenance.failing().get("maintenance.notifications.months"))
          .isEqualTo(Duration.ofHours(1));
      assertThat(maintenance.failing().get("maintenance.notifications.keys")).isZero();

      months.work = () -> Outcome.DONE;
      after(Duration.ofMinutes(10));
      assertThat(problems.current()).isEmpty();
      assertThat(maintenance.failing().values()).containsOnly(Duration.ZERO);
    }
  }

  @Test
  void to_wait_for_others_is_a_problem_only_when_it_lasts() {
    months.work = () -> Outcome.waitsFor("a long transaction");
    maintenance.tick();
    after(Duration.ofMinutes(50));
    assertThat(problems.current()).isEmpty();

    after(Duration.ofMinutes(20));
    assertThat(problems.current())
        .extracting(Problem::message)
        .containsExactly("it waits for a long transaction");

    months.work = () -> Outcome.DONE;
    after(Duration.ofMinutes(10));
    assertThat(problems.current()).isEmpty();
  }

  @Test
  void a_store_that_is_briefly_unavailable_is_no_problem_of_its_maintenance() {
    months.fails(ErrorCode.UNAVAILABLE, "away");
    maintenance.tick();
    after(Duration.ofMinutes(5));
    assertThat(problems.current()).isEmpty();

    months.work = () -> Outcome.DONE;
    int before = months.runs;
    after(Duration.ofMinutes(10));
    assertThat(months.runs).isEqualTo(before + 1);
  }

  @Test
  void a_step_that_breaks_by_itself_is_told_without_its_message() {
    months.work =
        () -> {
          throw new IllegalStateException("it quotes a title");
        };
    maintenance.tick();
    assertThat(problems.current())
        .allMatch(problem -> problem.message().contains("IllegalStateException"))
        .noneMatch(problem -> problem.message().contains("title"));
    assertThat(keys.runs).isOne();
  }

  @Test
  void nothing_is_done_before_the_stores_can_be_used() {
    fit = false;
    after(Duration.ofMinutes(1));
    assertThat(months.runs).isZero();
    fit = true;
    maintenance.tick();
    assertThat(months.runs).isOne();
  }
}
