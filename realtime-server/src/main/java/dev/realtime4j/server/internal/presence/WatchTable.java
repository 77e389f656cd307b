package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.PresenceChange;
import dev.realtime4j.server.internal.cluster.NodeBus;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Who on this node watches whom. The node listens on the bus to a user as long as anybody here
 * watches him: one bus message a node, however many watch.
 *
 * <p>Thread safety: any thread; {@link #hold} blocks until the bus listens, for at most a second.
 */
final class WatchTable {
  private final NodeBus bus;
  private final Function<UserId, Watched> make;
  private final ConcurrentHashMap<UserId, Entry> entries = new ConcurrentHashMap<>();

  private static final class Entry {
    private final Watched watched;
    private int holders;

    Entry(Watched watched) {
      this.watched = watched;
    }
  }

  /**
   * @param make a watched user that nobody listens to yet
   */
  WatchTable(NodeBus bus, Function<UserId, Watched> make) {
    this.bus = bus;
    this.make = make;
  }

  /** Makes sure that changes of these users are heard, until {@link #release}. */
  Map<UserId, Watched> hold(Collection<UserId> users) {
    Map<UserId, Watched> held = new HashMap<>();
    for (UserId user : users) {
      Entry entry =
          entries.compute(
              user,
              (key, old) -> {
                Entry now = old == null ? new Entry(make.apply(user)) : old;
                now.holders++;
                return now;
              });
      held.put(user, entry.watched);
      listen(entry);
    }
    return held;
  }

  private void listen(Entry entry) {
    Watched watched = entry.watched;
    synchronized (entry) {
      if (!watched.isListening()) {
        Consumer<byte[]> heard = message -> watched.changed(PresenceChange.decode(message));
        watched.listeningWith(bus.listen(PresenceChange.channel(watched.user()), heard));
      }
    }
  }

  /** Ends one {@link #hold} of each of these users. */
  void release(Collection<UserId> users) {
    for (UserId user : users) {
      entries.computeIfPresent(
          user,
          (key, entry) -> {
            if (--entry.holders > 0) {
              return entry;
            }
            entry.watched.stopListening();
            return null;
          });
    }
  }

  /** Everybody who is watched here. */
  Map<UserId, Watched> all() {
    Map<UserId, Watched> all = new HashMap<>();
    entries.forEach((user, entry) -> all.put(user, entry.watched));
    return all;
  }
}
