package dev.realtime4j.server.internal.feature;

import dev.realtime4j.server.internal.cluster.MembershipListener;
import dev.realtime4j.server.internal.session.SessionLifecycle;
import dev.realtime4j.server.internal.session.call.MethodTable;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One feature of a node, such as rooms: all that the node has to know of it. Each method does
 * nothing unless it is overridden.
 *
 * <p>Features have an order. Sockets, methods and the start go through it forwards; what ends, this
 * node or another, goes through it backwards.
 *
 * <p>The life of a feature: it is built, {@link #register} and {@link #schedule} are called once
 * each, then {@link #start}; sockets come and go and other nodes die; then {@link #drain}, and when
 * the last socket is gone {@link #close} and {@link #leave}. A node that could not start closes its
 * features as well.
 */
public interface Feature extends SessionLifecycle, MembershipListener {
  /** Adds the methods that clients call. */
  default void register(MethodTable methods) {}

  /**
   * Says what is to be done again and again once the node serves. That of a feature with a durable
   * store runs on threads of the durable stores.
   */
  default void schedule(Ticks ticks) {}

  /**
   * The node joined its cluster, and opens its port next. May block on a store; one that is
   * unavailable hinders nothing.
   */
  default void start() {}

  /**
   * The node sends its clients away.
   *
   * @param backWithin when the last of them is to be back
   */
  default void drain(Duration backWithin) {}

  /** No socket is open and nothing recurs any more: writes what is queued. */
  default void close() {}

  /**
   * The node leaves the cluster: removes what it holds in the stores that all nodes share. Called
   * after {@link #close}, while those can be reached.
   *
   * @throws dev.realtime4j.api.RealtimeException when something is left; the node then does not
   *     leave but is found dead, and another node cleans up
   */
  default void leave() {}

  /** The durable store that it stands on; null for a feature without. */
  default @Nullable DurableStore durableStore() {
    return null;
  }

  /**
   * Which components it stands on, by their names in the health report, and whether each answered
   * last time. From memory, on any thread.
   */
  default Map<String, Boolean> components() {
    return Map.of();
  }

  /**
   * What it has counted and measured, by name: {@code <feature>.<metric>}; times in nanoseconds.
   * From memory, on any thread.
   */
  default Map<String, Long> metrics() {
    return Map.of();
  }
}
