package dev.realtime4j.server.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.StoreDiagnostics;
import dev.realtime4j.api.StoreMaintenance;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.feature.DurableStore;
import dev.realtime4j.server.internal.health.ProblemList;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a store says of itself is what the health tells. */
final class StoreCheckTest {
  private final ProblemList problems = new ProblemList(InstantSource.system());
  private final Store notifications = new Store();
  private final Store connectionLog = new Store();
  private final StoreCheck check =
      new StoreCheck(
          Duration.ofSeconds(5),
          problems,
          List.of(
              durable("notifications", notifications), durable("connection_log", connectionLog)),
          ServerEnvironment.system());

  private static DurableStore durable(String name, Store store) {
    return new DurableStore(name, store, new StoreMaintenance() {}, List.of());
  }

  private static final class Store implements StoreDiagnostics {
    private @Nullable RealtimeException unfit;
    private Optional<String> problem = Optional.empty();

    @Override
    public void check() {
      if (unfit != null) {
        throw unfit;
      }
    }

    @Override
    public Optional<String> problem() {
      return problem;
    }
  }

  private List<String> told() {
    return problems.current().stream().map(it -> it.name() + ": " + it.message()).toList();
  }

  @Test
  void what_is_wrong_with_the_content_of_any_store_is_told_until_it_is_over() {
    check.tick();
    assertThat(told()).isEmpty();

    notifications.problem = Optional.of("rows of another cluster");
    connectionLog.problem = Optional.of("rows of nobody");
    check.tick(); // The check of a store that was fit rests meanwhile.
    assertThat(told())
        .containsExactlyInAnyOrder(
            "notifications.history: rows of another cluster",
            "connection_log.history: rows of nobody");

    notifications.problem = Optional.empty();
    connectionLog.problem = Optional.empty();
    check.tick();
    assertThat(told()).isEmpty();
  }

  @Test
  void a_store_that_is_unfit_from_the_start_is_told_with_its_remedy_until_it_is_mended() {
    connectionLog.unfit = new RealtimeException(ErrorCode.INTERNAL, "a table is missing: migrate");
    check.tick();
    assertThat(told()).containsExactly("connection_log.store: a table is missing: migrate");

    connectionLog.unfit = null;
    check.tick();
    assertThat(told()).isEmpty();
  }

  @Test
  void a_store_that_is_only_unavailable_is_no_problem_of_its_own() {
    notifications.unfit = RealtimeException.unavailable("away", null);
    check.tick();
    assertThat(told()).isEmpty();
  }
}
