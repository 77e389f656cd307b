package dev.realtime4j.server;

/**
 * Tells how a node is.
 *
 * <p>Thread safety: called by several threads at once; answers from memory, without blocking.
 */
@FunctionalInterface
public interface Health {
  /** How the node is now. */
  HealthReport health();
}
