package dev.realtime4j.server.internal.node;

import dev.realtime4j.server.internal.health.ProblemList.Problem;
import java.util.List;
import java.util.Map;

/**
 * How a node is that was started.
 *
 * @param readiness whether it may be given clients
 * @param components what it stands on by name, and whether that answers
 * @param problems what is wrong and lasts
 */
public record NodeHealth(
    Readiness readiness, Map<String, Boolean> components, List<Problem> problems) {
  /** Whether a node may be given clients. */
  public enum Readiness {
    /** Its stores have not answered yet. */
    STARTING,
    /** A store cannot be used as it is. */
    NOT_READY,
    /** It may. */
    READY
  }
}
