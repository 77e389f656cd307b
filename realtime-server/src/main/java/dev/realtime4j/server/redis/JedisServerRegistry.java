package dev.realtime4j.server.redis;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.ServerRegistry;
import dev.realtime4j.protocol.WireTime;
import dev.realtime4j.server.redis.RedisCommands.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import redis.clients.jedis.resps.Tuple;

/**
 * Signs of life in Redis: a key with a TTL for each node, and an index of all nodes by their last
 * beat, in which the dead ones stay until they are buried.
 */
final class JedisServerRegistry implements ServerRegistry {
  private static final String INDEX = "realtime:servers";

  /** For how long nobody may claim a node that is about to be out of the index. */
  private static final long LEAVING_MS = 10_000;

  private final RedisCommands redis;

  JedisServerRegistry(RedisCommands redis) {
    this.redis = redis;
  }

  @Override
  public boolean beat(ServerId server, Instant at, Duration ttl) {
    return beat(server, "", at, ttl);
  }

  @Override
  public boolean beat(ServerId server, String incarnation, Instant at, Duration ttl) {
    redis.run(jedis -> jedis.zadd(INDEX, at.toEpochMilli(), server.value()));
    Object known =
        redis.run(
            new Call(
                LuaScript.SERVER_BEAT,
                List.of(signOfLife(server), claim(server), incarnationKey(server)),
                List.of(WireTime.format(at), Long.toString(ttl.toMillis()), incarnation)));
    return (Long) known == 1;
  }

  @Override
  public Optional<String> incarnation(ServerId server) {
    return Optional.ofNullable(redis.run(jedis -> jedis.get(incarnationKey(server))));
  }

  @Override
  public Optional<Instant> lastBeat(ServerId server) {
    Double score = redis.run(jedis -> jedis.zscore(INDEX, server.value()));
    return Optional.ofNullable(score).map(millis -> Instant.ofEpochMilli(millis.longValue()));
  }

  @Override
  public Set<ServerId> alive() {
    List<String> known = redis.run(jedis -> jedis.zrange(INDEX, 0, -1));
    List<Boolean> lives =
        redis.runAll(
            known,
            (pipeline, name) -> pipeline.exists(signOfLife(new ServerId(name))),
            (jedis, name) -> jedis.exists(signOfLife(new ServerId(name))));
    Set<ServerId> alive = new HashSet<>();
    for (int i = 0; i < known.size(); i++) {
      if (lives.get(i)) {
        alive.add(new ServerId(known.get(i)));
      }
    }
    return alive;
  }

  @Override
  public List<DeadServer> claimDead(Instant at, Duration lease) {
    List<Tuple> known = redis.run(jedis -> jedis.zrangeWithScores(INDEX, 0, -1));
    List<Object> claimed =
        redis.runAll(
            known.stream()
                .map(
                    node ->
                        new Call(
                            LuaScript.SERVER_CLAIM,
                            keys(new ServerId(node.getElement())),
                            List.of(Long.toString(lease.toMillis()))))
                .toList());
    List<DeadServer> dead = new ArrayList<>();
    for (int i = 0; i < known.size(); i++) {
      if ((Long) claimed.get(i) == 1) {
        Tuple node = known.get(i);
        dead.add(
            new DeadServer(
                new ServerId(node.getElement()), Instant.ofEpochMilli((long) node.getScore())));
      }
    }
    return dead;
  }

  @Override
  public void buried(ServerId server) {
    if (redis.run(jedis -> jedis.exists(signOfLife(server)))) {
      return;
    }
    // The claim stays for its lease: who has read the index before must not have the node again.
    redis.run(jedis -> jedis.zrem(INDEX, server.value()));
  }

  @Override
  public void leave(ServerId server) {
    redis.run(jedis -> jedis.psetex(claim(server), LEAVING_MS, "left"));
    redis.run(jedis -> jedis.del(signOfLife(server)));
    redis.run(jedis -> jedis.del(incarnationKey(server)));
    redis.run(jedis -> jedis.zrem(INDEX, server.value()));
  }

  private static List<String> keys(ServerId server) {
    return List.of(signOfLife(server), claim(server));
  }

  private static String signOfLife(ServerId server) {
    return "realtime:server:" + server;
  }

  private static String incarnationKey(ServerId server) {
    return "realtime:server-incarnation:{" + signOfLife(server) + "}";
  }

  private static String claim(ServerId server) {
    return "realtime:server-claim:{" + signOfLife(server) + "}";
  }
}
