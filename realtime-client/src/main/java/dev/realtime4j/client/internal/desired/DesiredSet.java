package dev.realtime4j.client.internal.desired;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the application wants to hold on every connection: from the call that asked for it on, until
 * it is given up, or every call that asked for it has failed.
 *
 * <p>Used by the loop only.
 */
final class DesiredSet<K> {
  private final Map<K, Entry> held = new LinkedHashMap<>();

  private static final class Entry {
    private int undecided;
    private boolean granted;
  }

  /** A call asks for these. */
  Claim claim(Collection<K> keys) {
    Claim claim = new Claim();
    for (K key : keys) {
      Entry entry = held.computeIfAbsent(key, missing -> new Entry());
      entry.undecided++;
      claim.entries.put(key, entry);
    }
    return claim;
  }

  /** The application, or the server, wants it no more; calls that asked before say nothing now. */
  void giveUp(K key) {
    held.remove(key);
  }

  boolean contains(K key) {
    return held.containsKey(key);
  }

  List<K> all() {
    return List.copyOf(held.keySet());
  }

  /** What one call has asked for. One of its methods is called once. */
  final class Claim {
    private final Map<K, Entry> entries = new LinkedHashMap<>();

    void granted() {
      entries
          .values()
          .forEach(
              entry -> {
                entry.undecided--;
                entry.granted = true;
              });
    }

    void failed() {
      entries.forEach(
          (key, entry) -> {
            if (--entry.undecided == 0 && !entry.granted) {
              held.remove(key, entry);
            }
          });
    }
  }
}
