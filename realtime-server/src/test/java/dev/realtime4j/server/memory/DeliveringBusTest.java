package dev.realtime4j.server.memory;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.BusListener;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.api.cluster.ClusterBus;
import dev.realtime4j.api.cluster.ServerRegistry;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.room.RoomStore;
import dev.realtime4j.contract.ClusterBusContract;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** A bus that still delivers to its own node, as each one had to once, keeps the contract. */
class DeliveringBusTest extends ClusterBusContract {
  @Override
  protected ClusterBackend emptyCluster() {
    return new Delivering(InMemoryCluster.create());
  }

  private record Delivering(InMemoryCluster memory) implements ClusterBackend {
    @Override
    public ClusterBus bus(ServerId self) {
      return new Bus(memory.bus(self));
    }

    @Override
    public PresenceStore presence() {
      return memory.presence();
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

  private static final class Bus implements ClusterBus {
    private final ClusterBus others;
    private final Set<String> channels = ConcurrentHashMap.newKeySet();

    @SuppressWarnings("NullAway.Init") // By start, which comes first.
    private BusListener listener;

    Bus(ClusterBus others) {
      this.others = others;
    }

    @Override
    public void start(BusListener own) {
      listener = own;
      others.start(own);
    }

    @Override
    public CompletionStage<PublishResult> publish(String channel, byte[] message) {
      if (channels.contains(channel)) {
        try {
          listener.onMessage(channel, message);
        } catch (IllegalStateException ofTheContract) {
          return others.publish(channel, message);
        }
      }
      return others.publish(channel, message);
    }

    @Override
    public CompletionStage<Void> subscribe(String channel) {
      channels.add(channel);
      return others.subscribe(channel);
    }

    @Override
    public void unsubscribe(String channel) {
      channels.remove(channel);
      others.unsubscribe(channel);
    }

    @Override
    public boolean isConnected() {
      return others.isConnected();
    }

    @Override
    public void close() {
      channels.clear();
      others.close();
    }
  }
}
