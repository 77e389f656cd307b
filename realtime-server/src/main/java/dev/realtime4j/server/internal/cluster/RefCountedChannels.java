package dev.realtime4j.server.internal.cluster;

import dev.realtime4j.api.cluster.ClusterBus.PublishResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Things that are needed on this node for as long as somebody here needs them, each with a channel
 * of the bus that is listened to meanwhile: one subscription and one bus message a node, for
 * however many.
 *
 * <p>Thread safety: any thread; {@link #acquire} blocks until the bus listens, for at most a
 * second.
 *
 * @param <K> what a thing is known by
 * @param <V> the thing
 */
public final class RefCountedChannels<K, V> {
  private final NodeBus bus;
  private final Function<K, String> channel;
  private final Function<K, V> make;
  private final BiConsumer<V, BusMessage> listener;
  private final ConcurrentHashMap<K, Entry<V>> entries = new ConcurrentHashMap<>();

  /** Guarded by the map's own lock of its key. */
  private static final class Entry<V> {
    private final V value;
    private final CompletableFuture<Void> subscribed;
    private int references;

    Entry(V value, CompletableFuture<Void> subscribed) {
      this.value = value;
      this.subscribed = subscribed;
    }
  }

  /**
   * @param channel of the bus, for a key
   * @param make a thing that nobody needed before
   * @param listener what a thing does with a message of its channel
   */
  public RefCountedChannels(
      NodeBus bus,
      Function<K, String> channel,
      Function<K, V> make,
      BiConsumer<V, BusMessage> listener) {
    this.bus = bus;
    this.channel = channel;
    this.make = make;
    this.listener = listener;
  }

  /** Acquires these, each until one {@link #release}; one that is named twice until two. */
  public Map<K, V> acquire(Collection<K> keys) {
    Map<K, V> acquired = new LinkedHashMap<>();
    List<CompletableFuture<Void>> subscribed = new ArrayList<>();
    for (K key : keys) {
      Entry<V> entry =
          entries.compute(
              key,
              (same, old) -> {
                Entry<V> now = old == null ? opened(key) : old;
                now.references++;
                return now;
              });
      acquired.put(key, entry.value);
      subscribed.add(entry.subscribed);
    }
    bus.awaitMade(subscribed);
    return acquired;
  }

  private Entry<V> opened(K key) {
    V value = make.apply(key);
    return new Entry<>(
        value, bus.subscribe(channel.apply(key), message -> listener.accept(value, message)));
  }

  /** Acquires one, until one {@link #release}. */
  public V acquire(K key) {
    return acquire(List.of(key)).values().iterator().next();
  }

  /** Ends one {@link #acquire}. */
  public void release(K key) {
    entries.computeIfPresent(
        key,
        (same, entry) -> {
          if (--entry.references > 0) {
            return entry;
          }
          bus.unsubscribe(channel.apply(key));
          return null;
        });
  }

  /** Publishes on the channel of a key, whether anybody here needs that or not. */
  public CompletionStage<PublishResult> publish(K key, BusMessage message) {
    return bus.publish(channel.apply(key), message);
  }

  /** Whether what other nodes, and stores, publish on them arrives. */
  public boolean areHeard() {
    return bus.isConnected();
  }

  /** What is needed here; null when nobody does. */
  public @Nullable V get(K key) {
    Entry<V> entry = entries.get(key);
    return entry == null ? null : entry.value;
  }

  /** Everything that is needed here. */
  public Map<K, V> all() {
    Map<K, V> all = new HashMap<>();
    entries.forEach((key, entry) -> all.put(key, entry.value));
    return all;
  }
}
