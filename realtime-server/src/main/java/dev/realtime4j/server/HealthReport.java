package dev.realtime4j.server;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The health of a node.
 *
 * <p>Thread safety: immutable.
 *
 * @param status the node as a whole
 * @param components what it depends on, by name, where the application gave it: {@code cluster},
 *     {@code notifications}, {@code connection_log}; in the order of the names
 * @param problems lasting faults, each with its remedy; in the order of the names
 */
public record HealthReport(
    Status status, Map<String, ComponentStatus> components, List<Problem> problems) {
  /** The node as a whole. */
  public enum Status {
    /** Not serving yet. */
    STARTING,
    /**
     * Running, but not ready for clients until somebody does what {@link #problems} say: a store
     * lacks its tables, or a right. It recovers then without a restart.
     */
    NOT_READY,
    /** Serving, every component answers, and nothing is wrong. */
    UP,
    /** Serving without one of its components, or with a problem. */
    DEGRADED,
    /** Sending its clients away, or stopped. */
    DRAINING
  }

  /** One component. */
  public enum ComponentStatus {
    /** It answers. */
    UP,
    /** It does not. */
    DOWN
  }

  /**
   * A fault that lasts until somebody fixes it.
   *
   * @param name what it is about, such as {@code notifications.store}; for programs
   * @param since when it was found, by the clock of the node
   * @param message one sentence: what is wrong, and what to do. It contains no secret
   */
  public record Problem(String name, Instant since, String message) {}

  /** Keeps copies, the components in the order of their names. */
  public HealthReport {
    components = Collections.unmodifiableMap(new TreeMap<>(components));
    problems = List.copyOf(problems);
  }

  /** Without problems. */
  public HealthReport(Status status, Map<String, ComponentStatus> components) {
    this(status, components, List.of());
  }

  /** A serving node: {@code UP} when every component is, else {@code DEGRADED}. */
  public static HealthReport serving(Map<String, ComponentStatus> components) {
    return serving(components, List.of());
  }

  /**
   * A serving node: {@code UP} when every component is and nothing is wrong, else {@code DEGRADED}.
   */
  public static HealthReport serving(
      Map<String, ComponentStatus> components, List<Problem> problems) {
    Objects.requireNonNull(components, "components");
    Objects.requireNonNull(problems, "problems");
    boolean whole = !components.containsValue(ComponentStatus.DOWN) && problems.isEmpty();
    return new HealthReport(whole ? Status.UP : Status.DEGRADED, components, problems);
  }
}
