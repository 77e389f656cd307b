package dev.realtime4j.server.internal.feature;

import dev.realtime4j.api.MaintenanceStep;
import dev.realtime4j.api.StoreDiagnostics;
import dev.realtime4j.api.StoreMaintenance;
import java.util.List;
import java.util.stream.Stream;

/**
 * A store of a feature that a node checks and maintains.
 *
 * @param name begins the names of what is wrong with it, such as {@code notifications}
 * @param diagnostics tells what is wrong with it
 * @param maintenance its own upkeep
 * @param steps what the feature has to do in it at the start and twice a day, besides
 */
public record DurableStore(
    String name,
    StoreDiagnostics diagnostics,
    StoreMaintenance maintenance,
    List<MaintenanceStep> steps) {
  /** All that is to be done at the start and twice a day. */
  public List<MaintenanceStep> allSteps() {
    return Stream.concat(maintenance.maintenance().stream(), steps.stream()).toList();
  }
}
