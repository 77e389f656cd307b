package dev.realtime4j.api;

import java.util.List;
import java.util.OptionalInt;

/**
 * The upkeep of a store whose tables are partitioned by month; a service provider interface, and an
 * optional one: a store without partitions leaves all of it as it is.
 *
 * <p>Thread safety: every method may be called by any thread. All of them may block on the
 * database, may be repeated, and throw {@link RealtimeException} {@code UNAVAILABLE} when it does
 * not answer.
 */
public interface StoreMaintenance {
  /**
   * Makes room for the months ahead, and drops what retention has ended: all of {@link
   * #maintenance}, also when a part fails. Any node, any time. What others use at this moment is
   * left for the next time. Override it where there is something to do; where that is in steps,
   * with {@link MaintenanceStep#runAll}.
   */
  default void maintain() {}

  /**
   * The same in steps, which a node runs one by one. Override it where one thing may fail and
   * another go on.
   */
  default List<MaintenanceStep> maintenance() {
    return List.of(
        new MaintenanceStep(
            "all",
            () -> {
              maintain();
              return MaintenanceStep.Outcome.DONE;
            }));
  }

  /**
   * For how many months ahead there is room, as {@link #maintain} makes it; empty for a store to
   * which that means nothing. At zero somebody should look.
   */
  default OptionalInt partitionsAhead() {
    return OptionalInt.empty();
  }
}
