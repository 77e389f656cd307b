package dev.realtime4j.server.redis;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.BanStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import redis.clients.jedis.params.ZAddParams;
import redis.clients.jedis.params.ZRangeParams;
import redis.clients.jedis.resps.Tuple;

/**
 * Bans in Redis: one sorted set, a member {@code <user id>|<reach>} with the end in milliseconds as
 * its score. Those that have ended leave it when a node asks. Disconnects are another sorted set: a
 * member {@code <user id>} with the time in milliseconds as its score.
 *
 * <p>Both are read from their high end: what others add, prolong or remove meanwhile then makes no
 * page skip a member that was there.
 */
final class JedisBanStore implements BanStore {
  static final String KEY = "realtime:bans";
  static final String DISCONNECTS = "realtime:disconnects";

  /** Read at a time, so that no other caller waits long for Redis. */
  private static final int PAGE = 1000;

  private final RedisCommands redis;

  JedisBanStore(RedisCommands redis) {
    this.redis = redis;
  }

  @Override
  public void add(Ban ban) {
    String member = ban.user() + "|" + ban.reach();
    double end = ban.until().toEpochMilli();
    redis.run(
        StoredKey.sortedSet(KEY),
        jedis -> jedis.zadd(KEY, end, member, ZAddParams.zAddParams().gt()));
  }

  @Override
  public List<Ban> active(Instant at) {
    redis.run(
        StoredKey.sortedSet(KEY),
        jedis -> jedis.zremrangeByScore(KEY, "-inf", Long.toString(at.toEpochMilli())));
    return members(KEY).stream().flatMap(member -> ban(member).stream()).toList();
  }

  @Override
  public void addDisconnects(Map<UserId, Instant> disconnects) {
    Map<String, Double> page = new HashMap<>();
    for (Map.Entry<UserId, Instant> one : disconnects.entrySet()) {
      page.put(one.getKey().toString(), (double) one.getValue().toEpochMilli());
      if (page.size() == PAGE) {
        add(page);
        page.clear();
      }
    }
    if (!page.isEmpty()) {
      add(page);
    }
  }

  private void add(Map<String, Double> disconnects) {
    redis.run(
        StoredKey.sortedSet(DISCONNECTS),
        jedis -> jedis.zadd(DISCONNECTS, disconnects, ZAddParams.zAddParams().gt()));
  }

  @Override
  public Map<UserId, Instant> disconnects(Instant since) {
    redis.run(
        StoredKey.sortedSet(DISCONNECTS),
        jedis -> jedis.zremrangeByScore(DISCONNECTS, "-inf", "(" + since.toEpochMilli()));
    Map<UserId, Instant> disconnects = new HashMap<>();
    for (Tuple member : members(DISCONNECTS)) {
      try {
        UserId user = UserId.of(member.getElement());
        disconnects.put(user, Instant.ofEpochMilli((long) member.getScore()));
      } catch (InvalidValueException notOurs) {
        leftOut(DISCONNECTS, member);
      }
    }
    return disconnects;
  }

  private Set<Tuple> members(String key) {
    Set<Tuple> members = new LinkedHashSet<>();
    List<Tuple> page;
    int from = 0;
    do {
      ZRangeParams next = ZRangeParams.zrangeParams(from, from + PAGE - 1).rev();
      page = redis.run(StoredKey.sortedSet(key), jedis -> jedis.zrangeWithScores(key, next));
      members.addAll(page);
      from += PAGE;
    } while (page.size() == PAGE);
    return members;
  }

  private Optional<Ban> ban(Tuple member) {
    String[] parts = member.getElement().split("\\|", 2);
    Instant until = Instant.ofEpochMilli((long) member.getScore());
    try {
      Reach reach = Reach.valueOf(parts.length == 2 ? parts[1] : "");
      return Optional.of(new Ban(UserId.of(parts[0]), until, reach));
    } catch (IllegalArgumentException notOurs) {
      leftOut(KEY, member);
      return Optional.empty();
    }
  }

  /** It stays: it may be a ban of a later version, and runs out like one. */
  private void leftOut(String key, Tuple member) {
    redis.damaged().tellText(key, member.getElement(), "is left out");
  }
}
