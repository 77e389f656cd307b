package dev.realtime4j.api;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a store needs done at the start of a node and about twice a day, such as creating
 * partitions ahead. Steps are independent: each runs, fails, is retried and is reported separately.
 *
 * @param name of {@code a-z 0-9 _ .}, unique within its store: a part of the name of a problem
 * @param work does it, on a thread that may block. It may run at any time, on several nodes at
 *     once, and again; a repetition is cheap. However it ends, it leaves no lock and no setting of
 *     a connection. It throws {@link RealtimeException} {@code UNAVAILABLE} when the store is
 *     unavailable, and with another code when somebody has to fix something: its message says what
 *     is wrong and what to do, contains no secret and is the same each time
 */
public record MaintenanceStep(String name, Work work) {
  /**
   * A step.
   *
   * @throws InvalidValueException when the name has other characters, none, or more than 64
   */
  public MaintenanceStep {
    if (!name.matches("[a-z0-9_.]{1,64}")) {
      throw new InvalidValueException("a step's name has 1 to 64 of a-z 0-9 _ .");
    }
  }

  /** Does it; see {@link #work}. */
  @FunctionalInterface
  public interface Work {
    /** Blocks until it is done, or has to wait for others. */
    Outcome run();
  }

  /**
   * How a step ended that did not fail.
   *
   * @param waitsFor null when all is done; else what has to end first, in words for the operator
   *     that are the same each time: the step is run again soon
   */
  public record Outcome(@Nullable String waitsFor) {
    /** All of it is done. */
    public static final Outcome DONE = new Outcome(null);

    /** Something is left to do, because others use it now. */
    public static Outcome waitsFor(String what) {
      return new Outcome(Objects.requireNonNull(what, "what"));
    }

    /** Whether all is done. */
    public boolean isDone() {
      return waitsFor == null;
    }
  }

  /**
   * Runs all steps, also when one fails.
   *
   * @throws RuntimeException the first failure, the others suppressed in it
   */
  public static void runAll(List<MaintenanceStep> steps) {
    Objects.requireNonNull(steps, "steps");
    RuntimeException failure = null;
    for (MaintenanceStep step : steps) {
      try {
        step.work().run();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
