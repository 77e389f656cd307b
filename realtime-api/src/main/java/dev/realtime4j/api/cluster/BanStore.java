package dev.realtime4j.api.cluster;

import dev.realtime4j.api.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Which users are refused for a while, and which were disconnected, over all nodes; a service
 * provider interface. Nodes tell each other of a new ban over the bus and keep all bans in memory;
 * the store is for nodes that were cut off meanwhile or start later. So no handshake ever waits for
 * it.
 *
 * <p>Contract: a ban is returned until its end; of several bans of one user and one reach the
 * latest end counts. A disconnect is returned as long as it is asked for; of several of one user
 * the latest counts.
 *
 * <p>Thread safety: every method may be called by any thread. All of them may block on the network
 * and throw {@link dev.realtime4j.api.RealtimeException} {@code UNAVAILABLE} when the store is
 * unavailable; all of them may be repeated.
 */
public interface BanStore {
  /** Adds a ban. */
  void add(Ban ban);

  /**
   * The bans that have not ended; ended ones are forgotten.
   *
   * @param at the caller's time
   */
  List<Ban> active(Instant at);

  /**
   * Adds disconnects: nodes close the sockets that a user had at that time. A store that does not
   * override it keeps none: a node that is cut off from the bus then never hears of them.
   *
   * @param disconnects who, and when, in milliseconds
   */
  default void addDisconnects(Map<UserId, Instant> disconnects) {}

  /**
   * The disconnects from this time on, who and when last; earlier ones are forgotten.
   *
   * @param since inclusive, with milliseconds
   */
  default Map<UserId, Instant> disconnects(Instant since) {
    return Map.of();
  }

  /** A store that keeps nothing: a ban then holds only on the nodes that heard of it. */
  static BanStore none() {
    return new BanStore() {
      @Override
      public void add(Ban ban) {}

      @Override
      public List<Ban> active(Instant at) {
        return List.of();
      }
    };
  }

  /** What a ban is about. */
  enum Reach {
    /** New sockets are refused, open ones stay. */
    NEW_SOCKETS,
    /** New sockets are refused, open ones are closed. */
    ALL_SOCKETS
  }

  /**
   * A user who is refused for a while.
   *
   * @param user who
   * @param until when it ends, with milliseconds
   * @param reach new sockets or all
   */
  record Ban(UserId user, Instant until, Reach reach) {}
}
