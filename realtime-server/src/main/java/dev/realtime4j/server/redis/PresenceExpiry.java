package dev.realtime4j.server.redis;

import dev.realtime4j.api.UserId;
import dev.realtime4j.server.redis.RedisCommands.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * When to look whether which user is gone, in sorted sets over several slots. An entry is only a
 * hint: what it says is checked and claimed where the user's own keys are. It is written before
 * those, so that no user can be present without one.
 */
final class PresenceExpiry {
  private static final int SHARDS = 16;

  private static final String PREFIX = "realtime:presence:expiry:";

  /** How many entries one script writes. */
  private static final int BATCH = 500;

  /** A user to look at now, and the time that was planned for it. */
  private record Due(String shard, String user, String planned) {}

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

  /**
   * A user of whom a socket closed: look then, not as late as before. When two nodes say so of two
   * sockets, the sooner counts, whichever arrives first: a look that finds them present plans
   * another one, but nobody looks before a plan.
   */
  void leavesIn(UserId user, long millis) {
    redis.run(schedule(shard(user), "SOONER", List.of(user), millis));
  }

  /**
   * Announces users who are gone. Several nodes may do so at once: each user goes to one. All
   * shards are asked in one round trip, which is all that it costs while nobody is due.
   */
  int reap(int limit) {
    List<String> shards = shards();
    List<Object> due =
        redis.runAll(
            shards.stream()
                .map(
                    shard ->
                        new Call(
                            LuaScript.EXPIRY_DUE, List.of(shard), List.of(Integer.toString(limit))))
                .toList());
    List<Due> taken = new ArrayList<>();
    for (int i = 0; i < shards.size(); i++) {
      List<?> entries = (List<?>) due.get(i);
      String removed = (String) entries.get(0);
      if (!removed.isEmpty()) {
        redis.damaged().tellText(shards.get(i), removed, "was removed");
      }
      for (int j = 1; j < entries.size() && taken.size() < limit; j += 2) {
        taken.add(new Due(shards.get(i), (String) entries.get(j), (String) entries.get(j + 1)));
      }
    }
    return taken.isEmpty() ? 0 : claim(taken);
  }

  private int claim(List<Due> taken) {
    List<Object> claimed =
        redis.runAll(
            taken.stream()
                .map(due -> new UserId(UUID.fromString(due.user)))
                .map(
                    user ->
                        new Call(
                            LuaScript.PRESENCE_CLAIM,
                            PresenceKeys.of(user),
                            List.of(user.toString())))
                .toList());
    int announced = 0;
    Map<String, List<String>> settled = new LinkedHashMap<>();
    for (int i = 0; i < claimed.size(); i++) {
      Due due = taken.get(i);
      long left = (Long) claimed.get(i);
      announced += left == 0 ? 1 : 0;
      settled
          .computeIfAbsent(due.shard, shard -> new ArrayList<>())
          .addAll(List.of(due.user, due.planned, Long.toString(left > 0 ? left : -1)));
    }
    List<Call> calls = new ArrayList<>();
    settled.forEach(
        (shard, entries) -> calls.add(new Call(LuaScript.EXPIRY_SETTLE, List.of(shard), entries)));
    redis.runAll(calls);
    return announced;
  }

  /** All of them, beginning anywhere, so that none has to wait for the others every time. */
  private List<String> shards() {
    int start = redis.random().nextInt(SHARDS);
    return IntStream.range(start, start + SHARDS)
        .mapToObj(shard -> PREFIX + shard % SHARDS)
        .toList();
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
    return PREFIX + Math.floorMod(user.hashCode(), SHARDS);
  }
}
