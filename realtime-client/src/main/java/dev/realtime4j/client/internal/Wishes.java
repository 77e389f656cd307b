package dev.realtime4j.client.internal;

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
final class Wishes<K> {
  private final Map<K, Wish> held = new LinkedHashMap<>();

  private static final class Wish {
    private int undecided;
    private boolean granted;
  }

  /** A call asks for these. */
  Claim claim(Collection<K> keys) {
    Claim claim = new Claim();
    for (K key : keys) {
      Wish wish = held.computeIfAbsent(key, missing -> new Wish());
      wish.undecided++;
      claim.wishes.put(key, wish);
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
    private final Map<K, Wish> wishes = new LinkedHashMap<>();

    void granted() {
      wishes
          .values()
          .forEach(
              wish -> {
                wish.undecided--;
                wish.granted = true;
              });
    }

    void failed() {
      wishes.forEach(
          (key, wish) -> {
            if (--wish.undecided == 0 && !wish.granted) {
              held.remove(key, wish);
            }
          });
    }
  }
}
