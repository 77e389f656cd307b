package dev.realtime4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.StoreDiagnostics;
import org.junit.jupiter.api.Test;

/** The laws of {@link StoreDiagnostics}, for a store that can be used. */
public abstract class StoreDiagnosticsContract {
  /** The store to test, with something in it that it wrote itself. */
  protected abstract StoreDiagnostics diagnostics();

  /** Something that is in the store, read anew by each call: equal while nothing changes. */
  protected abstract Object content();

  @Test
  void a_store_that_can_be_used_passes_its_check_which_changes_nothing() {
    Object before = content();
    diagnostics().check();
    diagnostics().check();
    assertThat(content()).isEqualTo(before);
  }

  @Test
  void a_store_with_rows_of_its_own_has_no_problem() {
    content();
    assertThat(diagnostics().problem()).isEmpty();
  }
}
