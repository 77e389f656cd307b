package dev.realtime4j.server;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How a node is.
 *
 * <p>Thread safety: immutable.
 *
 * @param status the node as a whole
 * @param parts what it stands on, by name, of those that the application gave: {@code cluster},
 *     {@code notifications}, {@code connection_log}; in the order of the names
 * @param problems what is wrong and lasts, each with its remedy; in the order of the names
 */
public record HealthReport(Status status, Map<String, PartStatus> parts, List<Problem> problems) {
  /** The node as a whole. */
  public enum Status {
    /** Not serving yet. */
    STARTING,
    /**
     * Running, and not fit to be given clients until somebody does what {@link #problems} say: a
     * store lacks its tables, or a right. It heals by itself then.
     */
    NOT_READY,
    /** Serving, every part is there, and nothing is wrong. */
    UP,
    /** Serving without one of its parts, or with a problem. */
    DEGRADED,
    /** Sending its clients away, or stopped. */
    DRAINING
  }

  /** One part. */
  public enum PartStatus {
    /** It answers. */
    UP,
    /** It does not. */
    DOWN
  }

  /**
   * Something that is wrong and lasts until somebody mends it.
   *
   * @param name what it is about, such as {@code notifications.store}; for programs that watch for
   *     it
   * @param since when it was found, by the clock of the node
   * @param message one sentence: what is wrong, and what to do. It holds nothing secret
   */
  public record Problem(String name, Instant since, String message) {}

  /** Keeps copies, the parts in the order of their names. */
  public HealthReport {
    parts = Collections.unmodifiableMap(new TreeMap<>(parts));
    problems = List.copyOf(problems);
  }

  /** Without problems. */
  public HealthReport(Status status, Map<String, PartStatus> parts) {
    this(status, parts, List.of());
  }

  /** A serving node: {@code UP} when every part is, else {@code DEGRADED}. */
  public static HealthReport serving(Map<String, PartStatus> parts) {
    return serving(parts, List.of());
  }

  /** A serving node: {@code UP} when every part is and nothing is wrong, else {@code DEGRADED}. */
  public static HealthReport serving(Map<String, PartStatus> parts, List<Problem> problems) {
    Objects.requireNonNull(parts, "parts");
    Objects.requireNonNull(problems, "problems");
    boolean whole = !parts.containsValue(PartStatus.DOWN) && problems.isEmpty();
    return new HealthReport(whole ? Status.UP : Status.DEGRADED, parts, problems);
  }
}
