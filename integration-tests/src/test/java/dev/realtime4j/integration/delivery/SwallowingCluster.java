package dev.realtime4j.integration.delivery;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.BusListener;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.api.cluster.ClusterBus;
import dev.realtime4j.api.cluster.ServerRegistry;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.room.RoomStore;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A cluster whose buses take chosen messages and deliver them to nobody, as a network does that
 * nobody notices.
 */
final class SwallowingCluster implements ClusterBackend {
  private final ClusterBackend real;
  private final Predicate<String> chosen;
  private final AtomicInteger swallowed = new AtomicInteger();

  /**
   * @param chosen by the text of the message
   */
  SwallowingCluster(ClusterBackend real, Predicate<String> chosen) {
    this.real = real;
    this.chosen = chosen;
  }

  int swallowed() {
    return swallowed.get();
  }

  @Override
  public ClusterBus bus(ServerId self) {
    return new Bus(real.bus(self));
  }

  private final class Bus implements ClusterBus {
    private final ClusterBus real;

    Bus(ClusterBus real) {
      this.real = real;
    }

    @Override
    public CompletionStage<PublishResult> publish(String channel, byte[] message) {
      if (chosen.test(new String(message, StandardCharsets.UTF_8))) {
        swallowed.incrementAndGet();
        return CompletableFuture.completedFuture(PublishResult.ACCEPTED);
      }
      return real.publish(channel, message);
    }

    @Override
    public void start(BusListener listener) {
      real.start(listener);
    }

    @Override
    public CompletionStage<Void> subscribe(String channel) {
      return real.subscribe(channel);
    }

    @Override
    public void unsubscribe(String channel) {
      real.unsubscribe(channel);
    }

    @Override
    public boolean isConnected() {
      return real.isConnected();
    }

    @Override
    public void close() {
      real.close();
    }
  }

  @Override
  public PresenceStore presence() {
    return real.presence();
  }

  @Override
  public RoomStore rooms() {
    return real.rooms();
  }

  @Override
  public ServerRegistry servers() {
    return real.servers();
  }
}
