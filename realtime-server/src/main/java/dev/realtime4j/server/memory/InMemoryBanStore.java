package dev.realtime4j.server.memory;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.BanStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Bans and disconnects in memory; those that have ended are forgotten when they are asked for. */
final class InMemoryBanStore implements BanStore {
  private record Key(UserId user, Reach reach) {}

  private final Map<Key, Ban> bans = new HashMap<>();
  private final Map<UserId, Instant> disconnects = new HashMap<>();

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

  @Override
  public synchronized void addDisconnects(Map<UserId, Instant> added) {
    added.forEach(
        (user, at) -> disconnects.merge(user, at, (old, now) -> old.isAfter(now) ? old : now));
  }

  @Override
  public synchronized Map<UserId, Instant> disconnects(Instant since) {
    disconnects.values().removeIf(at -> at.isBefore(since));
    return Map.copyOf(disconnects);
  }

  /** Forgets everything. */
  synchronized void clear() {
    bans.clear();
    disconnects.clear();
  }
}
