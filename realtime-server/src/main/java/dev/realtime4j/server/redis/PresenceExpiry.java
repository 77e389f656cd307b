package dev.realtime4j.server.redis;

import dev.realtime4j.api.UserId;
import dev.realtime4j.server.redis.RedisCommands.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When to look whether which user is gone, in sorted sets over several slots. An entry is only a
 * hint: what it says is checked and claimed where the user's own keys are. It is written before
 * those, so that no user can be present without one.
 */
final class PresenceExpiry {
  private static final int SHARDS = 16;

  /** How many entries one script writes. */
  private static final int BATCH = 500;

  private final RedisCommands redis;

  PresenceExpiry(RedisCommands redis) {
    this.redis = redis;
  }

  /** A user who counts as present for so long: nobody needs to look before. */
  void presentFor(Collection<UserId> users, Duration ttl) {
    Map<String, List<UserId>> shards = new HashMap<>();
    users.forEach(user -> shards.computeIfAbsent(shard(user), key -> new ArrayList<>()).add(user));
    List<Call> calls = new ArrayList<>();
    shards.forEach(
        (shard, all) -> {
          for (int from = 0; from < all.size(); from += BATCH) {
            List<UserId> batch = all.subList(from, Math.min(from + BATCH, all.size()));
            calls.add(schedule(shard, "LATER", batch, ttl.toMillis()));
          }
        });
    redis.runAll(calls);
  }

  /** A user whose last socket closed: look after the grace time, not after the old expiry. */
  void leavesIn(UserId user, long millis) {
    redis.run(schedule(shard(user), "EXACTLY", List.of(user), millis));
  }

  /** Announces users who are gone. Several nodes may do so at once: each user goes to one. */
  int reap(int limit) {
    int reaped = 0;
    int start = ThreadLocalRandom.current().nextInt(SHARDS);
    for (int i = 0; i < SHARDS && reaped < limit; i++) {
      reaped += reap("realtime:presence:expiry:" + (start + i) % SHARDS, limit - reaped);
    }
    return reaped;
  }

  private int reap(String shard, int limit) {
    List<?> due =
        (List<?>)
            redis.run(
                new Call(LuaScript.EXPIRY_DUE, List.of(shard), List.of(Integer.toString(limit))));
    if (due.isEmpty()) {
      return 0;
    }
    List<Call> claims = new ArrayList<>();
    for (int i = 0; i < due.size(); i += 2) {
      UserId user = new UserId(UUID.fromString((String) due.get(i)));
      claims.add(
          new Call(LuaScript.PRESENCE_CLAIM, PresenceKeys.of(user), List.of(user.toString())));
    }
    List<Object> claimed = redis.runAll(claims);
    int reaped = 0;
    List<String> settled = new ArrayList<>();
    for (int i = 0; i < claimed.size(); i++) {
      long left = (Long) claimed.get(i);
      reaped += left == 0 ? 1 : 0;
      settled.add((String) due.get(2 * i));
      settled.add((String) due.get(2 * i + 1));
      settled.add(Long.toString(left > 0 ? left : -1));
    }
    redis.run(new Call(LuaScript.EXPIRY_SETTLE, List.of(shard), settled));
    return reaped;
  }

  private static Call schedule(String shard, String how, List<UserId> users, long millis) {
    List<String> arguments = new ArrayList<>();
    arguments.add(how);
    for (UserId user : users) {
      arguments.add(Long.toString(millis));
      arguments.add(user.toString());
    }
    return new Call(LuaScript.EXPIRY_SCHEDULE, List.of(shard), arguments);
  }

  private static String shard(UserId user) {
    return "realtime:presence:expiry:" + Math.floorMod(user.hashCode(), SHARDS);
  }
}
