package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.api.cluster.ClusterBus;
import dev.realtime4j.api.cluster.ServerRegistry;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.room.RoomStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.BiConsumer;

/**
 * A cluster where something happens just before a call of the presence store, which it may fail.
 *
 * @param memory the cluster
 * @param before is told the method's name and its arguments
 */
record DisturbedCluster(ClusterBackend memory, BiConsumer<String, Object[]> before)
    implements ClusterBackend {
  @Override
  public ClusterBus bus(ServerId self) {
    return memory.bus(self);
  }

  @Override
  public PresenceStore presence() {
    PresenceStore store = memory.presence();
    return (PresenceStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {PresenceStore.class},
            (proxy, method, arguments) -> {
              before.accept(method.getName(), arguments);
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Override
  public RoomStore rooms() {
    return memory.rooms();
  }

  @Override
  public ServerRegistry servers() {
    return memory.servers();
  }
}
