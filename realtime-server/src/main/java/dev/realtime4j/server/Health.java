package dev.realtime4j.server;

/**
 * Reports the health of a node.
 *
 * <p>Thread safety: called by several threads at once; answers from memory, without blocking.
 */
@FunctionalInterface
public interface Health {
  /** The health of the node now. */
  HealthReport health();
}
