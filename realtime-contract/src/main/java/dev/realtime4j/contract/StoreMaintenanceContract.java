package dev.realtime4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.MaintenanceStep;
import dev.realtime4j.api.StoreMaintenance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The laws of {@link StoreMaintenance}. */
public abstract class StoreMaintenanceContract {
  /** The store to test, with something in it that no retention ends. */
  protected abstract StoreMaintenance maintained();

  /** Something that is in the store, read anew by each call: equal while nothing changes. */
  protected abstract Object content();

  @Test
  void the_steps_of_maintenance_are_independent_and_may_be_run_again() {
    Object before = content();
    List<MaintenanceStep> steps = new ArrayList<>(maintained().maintenance());
    assertThat(steps).extracting(MaintenanceStep::name).doesNotHaveDuplicates();
    steps.forEach(step -> assertThat(step.work().run().isDone()).as(step.name()).isTrue());
    Collections.reverse(steps);
    steps.forEach(step -> assertThat(step.work().run().isDone()).as(step.name()).isTrue());
    assertThat(content()).isEqualTo(before);
  }

  @Test
  void maintaining_twice_changes_nothing_and_leaves_room_ahead() {
    Object before = content();
    maintained().maintain();
    maintained().maintain();
    assertThat(content()).isEqualTo(before);
    maintained().partitionsAhead().ifPresent(months -> assertThat(months).isPositive());
  }
}
