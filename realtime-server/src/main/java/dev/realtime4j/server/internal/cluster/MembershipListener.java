package dev.realtime4j.server.internal.cluster;

import dev.realtime4j.api.cluster.ServerRegistry.DeadServer;
import java.time.Instant;
import java.util.Optional;

/**
 * What is done when nodes come and go. Called by one thread at a time, which may block; each method
 * is repeated, so doing it twice does no harm. What throws {@link
 * dev.realtime4j.api.RealtimeException} hinders no other node's cleaning up.
 */
public interface MembershipListener {
  /**
   * This node has given its first sign of life. Returns at once.
   *
   * @param previousEnded the last sign of life of a previous incarnation of this node that died;
   *     empty when none is known
   */
  default void onJoined(Optional<Instant> previousEnded) {}

  /** A previous incarnation of this node died: removes what it left. Repeated until it succeeds. */
  default void onPreviousIncarnation() {}

  /**
   * Another node has died: removes what it left. Repeated, by this or another node, until it
   * succeeds.
   */
  default void onNodeDead(DeadServer dead) {}

  /** The store that all nodes share has lost what this node had written: writes it again. */
  default void onStateLost() {}

  /**
   * This node was taken for dead by another, which removed what it found of this one: writes it
   * again. On any thread.
   */
  default void onFalseSuspicion() {}
}
