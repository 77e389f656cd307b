package dev.realtime4j.server.memory;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.BanStore;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.api.cluster.ClusterBus;
import dev.realtime4j.api.cluster.ServerRegistry;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.room.RoomStore;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import java.time.InstantSource;
import java.util.Objects;

/**
 * What a cluster shares, in memory: for a single process, and for tests. Several servers of one JVM
 * that are given the same instance are a cluster.
 *
 * <p>Nothing survives the process. A message is delivered to the other nodes on the publishing
 * thread.
 *
 * <p>Thread safety: every method may be called by any thread, and none blocks on anything but a
 * short lock.
 *
 * <p>Lifecycle: holds no thread and no connection; there is nothing to close.
 */
public final class InMemoryCluster implements ClusterBackend {
  private final InMemoryBus.Hub hub = new InMemoryBus.Hub();
  private final InMemoryPresenceStore presence;
  private final InMemoryRoomStore rooms = new InMemoryRoomStore();
  private final InMemoryServerRegistry servers;
  private final InMemoryBanStore bans = new InMemoryBanStore();

  private InMemoryCluster(InstantSource clock) {
    presence = new InMemoryPresenceStore(clock, hub::deliver);
    servers = new InMemoryServerRegistry(clock);
  }

  /** An empty cluster on the system's clock. */
  public static InMemoryCluster create() {
    return create(ServerEnvironment.system().clock());
  }

  /**
   * An empty cluster.
   *
   * @param clock by which sockets, grace times and signs of life run out
   */
  public static InMemoryCluster create(InstantSource clock) {
    Objects.requireNonNull(clock, "clock");
    return new InMemoryCluster(clock);
  }

  @Override
  public ClusterBus bus(ServerId self) {
    return new InMemoryBus(hub);
  }

  @Override
  public PresenceStore presence() {
    return presence;
  }

  @Override
  public RoomStore rooms() {
    return rooms;
  }

  @Override
  public ServerRegistry servers() {
    return servers;
  }

  @Override
  public BanStore bans() {
    return bans;
  }

  /**
   * Loses all data, as a Redis that was flushed does: for tests. The buses stay connected, and the
   * nodes write again what they hold.
   */
  public void flush() {
    presence.clear();
    rooms.clear();
    servers.clear();
    bans.clear();
  }
}
