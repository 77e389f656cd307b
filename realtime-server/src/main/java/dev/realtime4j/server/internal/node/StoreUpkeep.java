package dev.realtime4j.server.internal.node;

import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.feature.DurableStore;
import dev.realtime4j.server.internal.feature.Ticks;
import dev.realtime4j.server.internal.health.Problems;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Executor;

/**
 * The care for the durable stores of a node: whether they are fit, their maintenance, and how far
 * ahead it got.
 *
 * <p>Thread safety: any thread.
 */
final class StoreUpkeep {
  /** A store that does not answer in it counts as unavailable. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final List<DurableStore> stores;
  private final StoreCheck check;
  private final Maintenance maintenance;
  private volatile OptionalInt partitionsAhead = OptionalInt.empty();

  /**
   * @param checkEvery how often they are checked
   */
  StoreUpkeep(
      List<DurableStore> stores,
      Duration checkEvery,
      Problems problems,
      ServerEnvironment environment) {
    this.stores = stores;
    this.check = new StoreCheck(checkEvery, problems, stores, environment);
    this.maintenance = new Maintenance(problems, check::isReady, this::measure, environment);
    stores.forEach(maintenance::add);
  }

  /** Looks for the first time, and waits for the answer, but not for long. */
  void begin(Executor threads) {
    check.begin(threads, PATIENCE);
  }

  void schedule(Ticks ticks) {
    ticks.every(check.interval(), "Checking the stores", check::tick);
    ticks.every(Maintenance.TICK, "Maintenance of the stores", maintenance::tick);
  }

  /** The stores by name, and whether each answered when it was looked at last. */
  Map<String, Boolean> answering() {
    return check.answering();
  }

  private void measure() {
    partitionsAhead =
        stores.stream()
            .map(store -> store.maintenance().partitionsAhead())
            .flatMapToInt(OptionalInt::stream)
            .min();
  }

  NodeHealth.Readiness readiness() {
    if (!check.hasLooked()) {
      return NodeHealth.Readiness.STARTING;
    }
    return check.isReady() ? NodeHealth.Readiness.READY : NodeHealth.Readiness.NOT_READY;
  }

  /** The smallest of all stores, as of the last maintenance; empty without and before. */
  OptionalInt partitionsAhead() {
    return partitionsAhead;
  }

  /** The steps of the maintenance, and for how long each has failed. */
  Map<String, Duration> failing() {
    return maintenance.failing();
  }
}
