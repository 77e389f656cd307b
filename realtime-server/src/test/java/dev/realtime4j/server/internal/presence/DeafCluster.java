package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.BusListener;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.api.cluster.ClusterBus;
import dev.realtime4j.api.cluster.ServerRegistry;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.room.RoomStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A cluster whose stores answer, and whose buses bring nothing for a while. */
final class DeafCluster implements ClusterBackend {
  private final ClusterBackend memory;
  private final List<BusListener> listeners = new ArrayList<>();
  private boolean deaf;

  DeafCluster(ClusterBackend memory) {
    this.memory = memory;
  }

  void goDeaf() {
    deaf = true;
    listeners.forEach(BusListener::onDisconnected);
  }

  void hearAgain() {
    deaf = false;
    listeners.forEach(BusListener::onGap);
  }

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

  private final class Bus implements ClusterBus {
    private final ClusterBus bus;

    Bus(ClusterBus bus) {
      this.bus = bus;
    }

    @Override
    public void start(BusListener listener) {
      listeners.add(listener);
      bus.start(
          new BusListener() {
            @Override
            public void onMessage(String channel, byte[] message) {
              if (!deaf) {
                listener.onMessage(channel, message);
              }
            }

            @Override
            public void onGap() {
              listener.onGap();
            }

            @Override
            public void onDisconnected() {
              listener.onDisconnected();
            }
          });
    }

    @Override
    public CompletionStage<PublishResult> publish(String channel, byte[] message) {
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
      return !deaf && bus.isConnected();
    }

    @Override
    public void close() {
      bus.close();
    }
  }
}
