package dev.realtime4j.server.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which channels a node wants, what its connection has been told of it, and who waits for an
 * acknowledgement. Redis acknowledges every channel of every command, in the order of the commands.
 *
 * <p>Thread safety: any thread. Whoever sends what {@link #bind} and {@link #changes} answer sends
 * it in the order of these calls.
 */
final class Subscriptions {
  /** What to tell Redis. */
  record Changes(List<String> subscribe, List<String> unsubscribe) {
    boolean isEmpty() {
      return subscribe.isEmpty() && unsubscribe.isEmpty();
    }
  }

  private enum State {
    /** No connection; nobody can wait for one. */
    AWAY,
    /** A first connection is awaited, or one is being told what is wanted. */
    BINDING,
    /** Everything that was wanted at {@link #bind} is acknowledged. */
    BOUND
  }

  private static final CompletableFuture<Void> NOBODY = new CompletableFuture<>();

  private final Map<String, CompletableFuture<Void>> wanted = new ConcurrentHashMap<>();
  private final Set<String> told = new HashSet<>();
  private final Set<String> changed = new LinkedHashSet<>();
  private final Deque<CompletableFuture<Void>> expected = new ArrayDeque<>();
  private State state = State.BINDING;
  private int unbound;

  /** Whether the node listens to this channel. */
  boolean wants(String channel) {
    return wanted.containsKey(channel);
  }

  synchronized CompletionStage<Void> subscribe(String channel) {
    CompletableFuture<Void> made = wanted.get(channel);
    if (made == null) {
      made = new CompletableFuture<>();
      wanted.put(channel, made);
      changed.add(channel);
      if (state == State.AWAY) {
        made.complete(null);
      }
    }
    return made.minimalCompletionStage();
  }

  /** Whether that changes anything. */
  boolean unsubscribe(String channel) {
    CompletableFuture<Void> made;
    synchronized (this) {
      made = wanted.remove(channel);
      if (made == null) {
        return false;
      }
      changed.add(channel);
    }
    made.complete(null);
    return true;
  }

  /**
   * A new connection knows nothing: all that is wanted.
   *
   * @param more how many acknowledgements come before those of the channels
   */
  synchronized List<String> bind(int more) {
    told.clear();
    changed.clear();
    expected.clear();
    List<String> all = new ArrayList<>(wanted.size());
    for (int i = 0; i < more; i++) {
      expected.add(NOBODY);
    }
    wanted.forEach(
        (channel, made) -> {
          all.add(channel);
          expected.add(made);
        });
    told.addAll(all);
    unbound = expected.size();
    state = State.BINDING;
    return all;
  }

  /** What the connection has not been told yet. */
  synchronized Changes changes() {
    List<String> subscribe = new ArrayList<>();
    List<String> unsubscribe = new ArrayList<>();
    for (String channel : changed) {
      CompletableFuture<Void> made = wanted.get(channel);
      if (made != null) {
        // Told twice when it was left and wanted again in between: Redis acknowledges that too.
        told.add(channel);
        subscribe.add(channel);
        expected.add(made);
      } else if (told.remove(channel)) {
        unsubscribe.add(channel);
      }
    }
    changed.clear();
    unsubscribe.forEach(channel -> expected.add(NOBODY));
    return new Changes(subscribe, unsubscribe);
  }

  /**
   * Redis acknowledged the next channel.
   *
   * @return whether everything that was wanted at {@link #bind} is acknowledged by it
   */
  boolean acknowledged() {
    CompletableFuture<Void> made;
    boolean bound;
    synchronized (this) {
      made = expected.poll();
      bound = unbound > 0 && --unbound == 0;
      if (bound) {
        state = State.BOUND;
      }
    }
    if (made != null && made != NOBODY) {
      made.complete(null);
    }
    return bound;
  }

  /** The connection is gone: who waits need not any longer. */
  void lost() {
    List<CompletableFuture<Void>> waiting;
    synchronized (this) {
      state = State.AWAY;
      unbound = 0;
      expected.clear();
      waiting = List.copyOf(wanted.values());
    }
    waiting.forEach(made -> made.complete(null));
  }

  synchronized boolean isBound() {
    return state == State.BOUND;
  }
}
