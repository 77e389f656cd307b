package dev.realtime4j.server;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.BusListener;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.api.cluster.ClusterBus;
import dev.realtime4j.api.cluster.ServerRegistry;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.room.RoomStore;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * A cluster in memory whose bus loses messages: it says so, or it swallows them in silence; and
 * whose stores can be unavailable.
 */
final class FaultyCluster implements ClusterBackend {
  private final InMemoryCluster memory;
  private volatile boolean away;
  private volatile Predicate<String> lost = channel -> false;
  private volatile Predicate<String> swallowed = channel -> false;

  FaultyCluster() {
    this(InMemoryCluster.create());
  }

  FaultyCluster(InMemoryCluster memory) {
    this.memory = memory;
  }

  /** From now on messages on these channels are lost, and who publishes is told. */
  void lose(Predicate<String> channels) {
    lost = channels;
  }

  /** From now on messages on these channels are lost, and nobody is told. */
  void swallow(Predicate<String> channels) {
    swallowed = channels;
  }

  @Override
  public ClusterBus bus(ServerId server) {
    return new Bus(memory.bus(server));
  }

  /** The stores of presence and rooms go away, and come back; the bus stays. */
  void storesAway(boolean away) {
    this.away = away;
  }

  @Override
  public PresenceStore presence() {
    return sometimesAway(PresenceStore.class, memory.presence());
  }

  @Override
  public RoomStore rooms() {
    return sometimesAway(RoomStore.class, memory.rooms());
  }

  private <T> T sometimesAway(Class<T> type, T store) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (away) {
                throw RealtimeException.unavailable("a test", null);
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  @Override
  public ServerRegistry servers() {
    return memory.servers();
  }

  private final class Bus implements ClusterBus {
    private final ClusterBus bus;

    Bus(ClusterBus bus) {
      this.bus = bus;
    }

    @Override
    public void start(BusListener listener) {
      bus.start(listener);
    }

    @Override
    public CompletionStage<PublishResult> publish(String channel, byte[] message) {
      if (lost.test(channel)) {
        return CompletableFuture.completedStage(PublishResult.LOST);
      }
      if (swallowed.test(channel)) {
        return CompletableFuture.completedStage(PublishResult.ACCEPTED);
      }
      return bus.publish(channel, message);
    }

    @Override
    public CompletionStage<Void> subscribe(String channel) {
      return bus.subscribe(channel);
    }

    @Override
    public void unsubscribe(String channel) {
      bus.unsubscribe(channel);
    }

    @Override
    public boolean isConnected() {
      return bus.isConnected();
    }

    @Override
    public void close() {
      bus.close();
    }
  }
}
