package dev.realtime4j.server.internal.node;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.MaintenanceStep;
import dev.realtime4j.api.MaintenanceStep.Outcome;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.feature.DurableStore;
import dev.realtime4j.server.internal.health.Problems;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the stores want to have done twice a day. Each step is on its own: it fails, waits, is
 * repeated and is told by itself, whatever becomes of the others.
 *
 * <p>A step that waits for others, or whose store is unavailable, becomes a problem when that
 * lasts: an hour of a long transaction is everyday.
 *
 * <p>Thread safety: {@link #tick} is called by one thread at a time, the others by any.
 */
final class Maintenance {
  /** How often it is looked whether something is due. */
  static final Duration TICK = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(Maintenance.class);
  private static final Duration AGAIN = Duration.ofHours(12);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
  private static final Duration LONGEST_RETRY = Duration.ofMinutes(10);
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final Problems problems;
  private final BooleanSupplier fit;
  private final Runnable measure;
  private final LongSupplier nanos;
  private final RandomGenerator random;
  private final List<Step> steps = new ArrayList<>();

  /**
   * @param problems told what fails, or waits for too long
   * @param fit whether the stores can be used as they are; nothing is done before
   * @param measure looks what has become of it, after something was done; its failures do not
   *     matter
   * @param environment its time and chance
   */
  Maintenance(
      Problems problems, BooleanSupplier fit, Runnable measure, ServerEnvironment environment) {
    this.problems = problems;
    this.fit = fit;
    this.measure = measure;
    this.nanos = environment.nanoTime();
    this.random = environment.random();
  }

  private static final class Step {
    private final String name;
    private final MaintenanceStep.Work work;
    private long dueAt;
    private int tries;
    private long notDoneSince;
    private volatile @Nullable Long failingSince;

    Step(String name, MaintenanceStep.Work work, long now) {
      this.name = name;
      this.work = work;
      this.dueAt = now;
    }
  }

  /** Adds the steps of a store, before the first tick. */
  void add(DurableStore store) {
    for (MaintenanceStep step : store.allSteps()) {
      String name = "maintenance." + store.name() + "." + step.name();
      steps.add(new Step(name, step.work(), nanos.getAsLong()));
    }
  }

  /** Does what is due. */
  void tick() {
    if (!fit.getAsBoolean()) {
      return;
    }
    boolean ran = false;
    for (Step step : steps) {
      if (step.dueAt - nanos.getAsLong() <= 0) {
        run(step);
        ran = true;
      }
    }
    if (ran) {
      measure();
    }
  }

  private void measure() {
    try {
      measure.run();
    } catch (RealtimeException e) {
      log.debug("The stores cannot be measured now: {}", e.getMessage());
    }
  }

  private void run(Step step) {
    try {
      Outcome outcome = step.work.run();
      if (outcome.isDone()) {
        done(step);
      } else {
        notDone(step, false, "it waits for " + outcome.waitsFor());
      }
    } catch (RealtimeException e) {
      notDone(step, e.code() != ErrorCode.UNAVAILABLE, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      log.debug("{} failed", step.name, e);
      notDone(step, true, "it failed with " + e.getClass().getName() + ": mend the store's code");
    }
  }

  private void done(Step step) {
    step.tries = 0;
    step.failingSince = null;
    step.dueAt = nanos.getAsLong() + jittered(AGAIN);
    problems.clear(step.name);
  }

  private void notDone(Step step, boolean failed, String why) {
    long now = nanos.getAsLong();
    if (step.tries == 0) {
      step.notDoneSince = now;
    }
    long backoff = FIRST_RETRY.toNanos() << Math.min(step.tries, 20);
    step.tries++;
    step.dueAt = now + jittered(Duration.ofNanos(Math.min(backoff, LONGEST_RETRY.toNanos())));
    if (failed || now - step.notDoneSince >= PATIENCE.toNanos()) {
      step.failingSince = step.notDoneSince;
      problems.report(step.name, why);
    } else {
      log.debug("{} is tried again: {}", step.name, why);
    }
  }

  /** Nodes that started together need not go on together. */
  private long jittered(Duration time) {
    return (long) (time.toNanos() * (0.75 + random.nextDouble() / 4));
  }

  /** The steps, and for how long each has failed; zero for those that do not. */
  Map<String, Duration> failing() {
    Map<String, Duration> failing = new LinkedHashMap<>();
    for (Step step : steps) {
      Long since = step.failingSince;
      failing.put(
          step.name, since == null ? Duration.ZERO : Duration.ofNanos(nanos.getAsLong() - since));
    }
    return failing;
  }
}
