package dev.realtime4j.server.memory;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.BanStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Bans in memory; those that have ended are forgotten when they are asked for. */
final class InMemoryBanStore implements BanStore {
  private record Key(UserId user, Reach reach) {}

  private final Map<Key, Ban> bans = new HashMap<>();

  @Override
  public synchronized void add(Ban ban) {
    bans.merge(
        new Key(ban.user(), ban.reach()),
        ban,
        (old, added) -> old.until().isAfter(added.until()) ? old : added);
  }

  @Override
  public synchronized List<Ban> active(Instant at) {
    bans.values().removeIf(ban -> !ban.until().isAfter(at));
    return List.copyOf(bans.values());
  }

  /** Forgets all bans. */
  synchronized void clear() {
    bans.clear();
  }
}
