package dev.realtime4j.server;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a node is.
 *
 * <p>Thread safety: immutable.
 *
 * @param status the node as a whole
 * @param parts what it stands on, by name: {@code redis}, {@code postgresql}, …; in the order of
 *     the names
 */
public record HealthReport(Status status, Map<String, PartStatus> parts) {
  /** The node as a whole. */
  public enum Status {
    /** Not serving yet. */
    STARTING,
    /** Serving, and every part is there. */
    UP,
    /** Serving without one of its parts. */
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

  public HealthReport {
    parts = Collections.unmodifiableMap(new TreeMap<>(parts));
  }

  /** A serving node: {@code UP} when every part is, else {@code DEGRADED}. */
  public static HealthReport serving(Map<String, PartStatus> parts) {
    return new HealthReport(
        parts.containsValue(PartStatus.DOWN) ? Status.DEGRADED : Status.UP, parts);
  }
}
