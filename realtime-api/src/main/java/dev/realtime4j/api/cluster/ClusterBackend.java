package dev.realtime4j.api.cluster;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.room.RoomStore;

/**
 * Everything that the nodes of a cluster share: on Redis, or in memory for a single process.
 *
 * <p>Thread safety: every method may be called by any thread and returns at once.
 *
 * <p>Lifecycle: made by the application, used by any number of servers, closed by the application
 * after them.
 */
public interface ClusterBackend {
  /**
   * A new bus for one node.
   *
   * @param self the node; each message names its sender itself. The server that called this closes
   *     the bus
   */
  ClusterBus bus(ServerId self);

  /** Who is online. */
  PresenceStore presence();

  /** Who is in which room. */
  RoomStore rooms();

  /** Which nodes live. */
  ServerRegistry servers();

  /** Who is refused for a while; keeps nothing unless it is overridden. */
  default BanStore bans() {
    return BanStore.none();
  }
}
