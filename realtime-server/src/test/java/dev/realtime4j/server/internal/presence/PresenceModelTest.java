package dev.realtime4j.server.internal.presence;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever happens to a cluster, in whatever order: each watcher is told what is true, soon enough,
 * never too soon, and never twice. A failure is shrunk to the fewest steps, and its seed printed.
 */
class PresenceModelTest {
  @Property(tries = 2_000)
  void watchers_are_told_what_is_true_whatever_happens(@ForAll("sequences") List<Step> steps) {
    SimulatedCluster cluster = new SimulatedCluster();
    steps.forEach(cluster::apply);
    cluster.end();
  }

  @Provide
  Arbitrary<List<Step>> sequences() {
    return Step.any().list().ofMinSize(1).ofMaxSize(40);
  }
}
