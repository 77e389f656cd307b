package dev.realtime4j.api;

import java.util.List;
import java.util.OptionalInt;

/**
 * The maintenance of a store whose tables are partitioned by month; an optional service provider
 * interface: a store without partitions keeps the defaults.
 *
 * <p>Thread safety: every method may be called by any thread. All of them may block on the
 * database, may be repeated, and throw {@link RealtimeException} {@code UNAVAILABLE} when it is
 * unavailable.
 */
public interface StoreMaintenance {
  /**
   * Creates partitions for the months ahead, and drops those whose retention has ended: runs all of
   * {@link #maintenance}, even when a part fails. Any node may call it at any time. What others use
   * at the moment is left for the next time. Override it where there is something to do; for
   * several steps, with {@link MaintenanceStep#runAll}.
   */
  default void maintain() {}

  /**
   * The same in steps, which a node runs one by one. Override it where one step may fail while
   * others go on.
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
   * For how many months ahead there are partitions; empty for a store without partitions. At zero
   * somebody should look.
   */
  default OptionalInt partitionsAhead() {
    return OptionalInt.empty();
  }
}
