package dev.realtime4j.api.cluster;

import dev.realtime4j.api.ServerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which nodes live; a service provider interface. When a node stops giving signs of life, the
 * others find it, and exactly one of them claims it and cleans up after it.
 *
 * <p>Thread safety: every method may be called by any thread. All of them may block on the network
 * and throw {@link dev.realtime4j.api.RealtimeException} {@code UNAVAILABLE} when the store is
 * unavailable.
 */
public interface ServerRegistry {
  /**
   * A sign of life.
   *
   * @param server which node
   * @param at when
   * @param ttl how long it counts
   * @return whether the store still knew this node; false for the first call and after the store
   *     lost its data, when the node has to write again what it had stored
   */
  boolean beat(ServerId server, Instant at, Duration ttl);

  /**
   * Like {@link #beat(ServerId, Instant, Duration)}, but tells apart the processes that use this
   * name, one after the other or, by mistake, at the same time. Override it together with {@link
   * #incarnation}; otherwise two nodes of one name are not noticed.
   *
   * @param incarnation which process, never used before
   */
  default boolean beat(ServerId server, String incarnation, Instant at, Duration ttl) {
    return beat(server, at, ttl);
  }

  /**
   * Which process gave the last sign of life of this name; empty when that no longer counts, when
   * it left, and for a store that does not know.
   */
  default Optional<String> incarnation(ServerId server) {
    return Optional.empty();
  }

  /**
   * The last sign of life of a node that is neither cleaned up nor left, alive or not. A node asks
   * about itself before its first {@link #beat}: an answer means that one of its name died before
   * it.
   */
  Optional<Instant> lastBeat(ServerId server);

  /** The nodes that live. */
  Set<ServerId> alive();

  /**
   * Nodes whose last sign of life has expired. Each dead node is given to exactly one caller in the
   * cluster; if that caller dies, another one can claim the node after {@code lease}.
   *
   * @param at the caller's time
   * @param lease how long a claim is the caller's before another may claim the same node
   */
  List<DeadServer> claimDead(Instant at, Duration lease);

  /** All that a dead node left has been cleaned up: nobody needs to claim it again. */
  void cleanedUp(ServerId server);

  /** This node leaves on purpose; there is nothing to clean up. */
  void leave(ServerId server);

  /**
   * A node found dead.
   *
   * @param server who
   * @param lastSeen its last sign of life
   */
  record DeadServer(ServerId server, Instant lastSeen) {}
}
