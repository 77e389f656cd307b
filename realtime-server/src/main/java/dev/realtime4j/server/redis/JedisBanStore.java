package dev.realtime4j.server.redis;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.BanStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.params.ZAddParams;
import redis.clients.jedis.resps.Tuple;

/**
 * Bans in Redis: one sorted set, a member {@code <user id>|<reach>} with the end in milliseconds as
 * its score. Those that have ended leave it when a node asks.
 */
final class JedisBanStore implements BanStore {
  static final String KEY = "realtime:bans";

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
    redis.run(jedis -> jedis.zadd(KEY, end, member, ZAddParams.zAddParams().gt()));
  }

  @Override
  public List<Ban> active(Instant at) {
    redis.run(jedis -> jedis.zremrangeByScore(KEY, 0, at.toEpochMilli()));
    List<Ban> bans = new ArrayList<>();
    List<Tuple> page;
    do {
      int from = bans.size();
      page = redis.run(jedis -> jedis.zrangeWithScores(KEY, from, from + PAGE - 1));
      page.forEach(member -> bans.add(ban(member)));
    } while (page.size() == PAGE);
    return bans;
  }

  private static Ban ban(Tuple member) {
    String[] parts = member.getElement().split("\\|", 2);
    Instant until = Instant.ofEpochMilli((long) member.getScore());
    return new Ban(UserId.of(parts[0]), until, Reach.valueOf(parts[1]));
  }
}
