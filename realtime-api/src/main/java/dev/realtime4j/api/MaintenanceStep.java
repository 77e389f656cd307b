package dev.realtime4j.api;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a store wants to have done at the start of a node and about twice a day, such as
 * making the months ahead. Steps depend on nothing and on each other not: each is run, fails, is
 * repeated and is reported by itself.
 *
 * @param name of {@code a-z 0-9 _ .}, unique within its store: a part of the name of a problem
 * @param work does it, on a thread that may block. It may be run at any time, by several nodes at
 *     once, and again; what is done already costs little. It holds nothing when it ends, whatever
 *     way: no lock and no setting of a connection. It throws {@link RealtimeException} {@code
 *     UNAVAILABLE} when the store does not answer, and with another code when somebody has to mend
 *     something: its message says what is wrong and what to do, holds nothing secret and is the
 *     same each time
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
