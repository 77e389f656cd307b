package dev.realtime4j.server.internal.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Things that are needed on this node for as long as somebody holds them, each with a channel of
 * the bus that is listened to meanwhile: one bus message a node, however many hold.
 *
 * <p>Thread safety: any thread; {@link #hold} blocks until the bus listens, for at most a second.
 *
 * @param <K> what a thing is known by
 * @param <V> the thing
 */
public final class RefCountedChannels<K, V> {
  private final NodeBus bus;
  private final Function<K, String> channel;
  private final Function<K, V> make;
  private final Function<V, Consumer<byte[]>> handler;
  private final ConcurrentHashMap<K, Entry<V>> entries = new ConcurrentHashMap<>();

  /** Guarded by the map's own lock of its key. */
  private static final class Entry<V> {
    private final V value;
    private final NodeBus.Listening listening;
    private int holders;

    Entry(V value, NodeBus.Listening listening) {
      this.value = value;
      this.listening = listening;
    }
  }

  /**
   * @param channel of the bus, for a key
   * @param make a thing that nobody holds yet
   * @param handler what a thing does with a message of its channel
   */
  public RefCountedChannels(
      NodeBus bus,
      Function<K, String> channel,
      Function<K, V> make,
      Function<V, Consumer<byte[]>> handler) {
    this.bus = bus;
    this.channel = channel;
    this.make = make;
    this.handler = handler;
  }

  /** Holds these, each until one {@link #release}. */
  public Map<K, V> hold(Collection<K> keys) {
    Map<K, V> held = new LinkedHashMap<>();
    List<NodeBus.Listening> listening = new ArrayList<>();
    for (K key : keys) {
      Entry<V> entry =
          entries.compute(
              key,
              (same, old) -> {
                Entry<V> now = old == null ? opened(key) : old;
                now.holders++;
                return now;
              });
      held.put(key, entry.value);
      listening.add(entry.listening);
    }
    bus.awaitConfirmed(listening);
    return held;
  }

  private Entry<V> opened(K key) {
    V value = make.apply(key);
    return new Entry<>(value, bus.begin(channel.apply(key), handler.apply(value)));
  }

  /** Holds one, until one {@link #release}. */
  public V hold(K key) {
    return hold(List.of(key)).values().iterator().next();
  }

  /** Ends one {@link #hold}. */
  public void release(K key) {
    entries.computeIfPresent(
        key,
        (same, entry) -> {
          if (--entry.holders > 0) {
            return entry;
          }
          entry.listening.close();
          return null;
        });
  }

  /** What is held; null when nobody does. */
  public @Nullable V get(K key) {
    Entry<V> entry = entries.get(key);
    return entry == null ? null : entry.value;
  }

  /** Everything that is held. */
  public Map<K, V> all() {
    Map<K, V> all = new HashMap<>();
    entries.forEach((key, entry) -> all.put(key, entry.value));
    return all;
  }
}
