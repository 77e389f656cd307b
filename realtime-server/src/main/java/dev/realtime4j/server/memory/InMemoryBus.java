package dev.realtime4j.server.memory;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.cluster.BusListener;
import dev.realtime4j.api.cluster.ClusterBus;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One node's bus among the nodes of the same JVM. It delivers on the publishing thread. */
final class InMemoryBus implements ClusterBus {
  private static final Logger log = LoggerFactory.getLogger(InMemoryBus.class);

  private static final CompletionStage<PublishResult> ACCEPTED =
      CompletableFuture.completedStage(PublishResult.ACCEPTED);

  private final Hub hub;
  private final Set<String> channels = ConcurrentHashMap.newKeySet();
  private volatile @Nullable BusListener listener;

  InMemoryBus(Hub hub) {
    this.hub = hub;
  }

  @Override
  public void start(BusListener listener) {
    this.listener = listener;
  }

  @Override
  public CompletionStage<PublishResult> publish(String channel, byte[] message) {
    check(channel);
    hub.deliver(channel, message, this);
    return ACCEPTED;
  }

  @Override
  public boolean isHeardElsewhere(String channel) {
    return hub.hears(channel, this);
  }

  @Override
  public CompletionStage<Void> subscribe(String channel) {
    check(channel);
    if (channels.add(channel)) {
      hub.subscribe(channel, this);
    }
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void unsubscribe(String channel) {
    if (channels.remove(channel)) {
      hub.unsubscribe(channel, this);
    }
  }

  @Override
  public boolean isConnected() {
    return listener != null;
  }

  @Override
  public void close() {
    listener = null;
    channels.forEach(this::unsubscribe);
  }

  private void hear(String channel, byte[] message) {
    BusListener current = listener;
    if (current == null) {
      return;
    }
    try {
      current.onMessage(channel, message);
    } catch (RuntimeException e) {
      log.warn("A bus listener failed on channel {}", channel, e);
    }
  }

  private static void check(String channel) {
    if (channel.isEmpty() || channel.length() > 200) {
      throw RealtimeException.badRequest("a channel must have 1 to 200 characters");
    }
  }

  /** Where the buses of one cluster meet. */
  static final class Hub {
    private final Map<String, List<InMemoryBus>> subscribers = new ConcurrentHashMap<>();

    /** To every node. */
    void deliver(String channel, byte[] message) {
      deliver(channel, message, null);
    }

    /**
     * @param from the node that has it already; null for none
     */
    private void deliver(String channel, byte[] message, @Nullable InMemoryBus from) {
      for (InMemoryBus bus : subscribers.getOrDefault(channel, List.of())) {
        if (bus != from) {
          bus.hear(channel, message);
        }
      }
    }

    /** Whether anybody does but this one. */
    private boolean hears(String channel, InMemoryBus own) {
      for (InMemoryBus bus : subscribers.getOrDefault(channel, List.of())) {
        if (bus != own) {
          return true;
        }
      }
      return false;
    }

    private void subscribe(String channel, InMemoryBus bus) {
      subscribers.compute(
          channel,
          (key, present) -> {
            List<InMemoryBus> changed = present == null ? new CopyOnWriteArrayList<>() : present;
            changed.add(bus);
            return changed;
          });
    }

    private void unsubscribe(String channel, InMemoryBus bus) {
      subscribers.computeIfPresent(
          channel,
          (key, present) -> {
            present.remove(bus);
            return present.isEmpty() ? null : present;
          });
    }
  }
}
