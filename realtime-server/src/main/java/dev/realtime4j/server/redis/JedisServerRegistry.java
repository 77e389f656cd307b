package dev.realtime4j.server.redis;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.ServerRegistry;
import dev.realtime4j.protocol.WireTime;
import dev.realtime4j.server.redis.RedisCommands.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Signs of life in Redis: a key with a TTL for each node, and an index of all nodes by their last
 * beat, in which the dead ones stay until they are cleaned up.
 */
final class JedisServerRegistry implements ServerRegistry {
  private static final String INDEX = "realtime:servers";

  /** For how long nobody may claim a node that is about to be out of the index. */
  private static final long LEAVING_MS = 10_000;

  /** The end of the year 9999. */
  private static final double LATEST_MS = 253_402_300_800_000.0;

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
    redis.run(
        StoredKey.sortedSet(INDEX), jedis -> jedis.zadd(INDEX, at.toEpochMilli(), server.value()));
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
    String key = incarnationKey(server);
    return Optional.ofNullable(
        redis.run(new StoredKey(key, StoredKey.STRING), jedis -> jedis.get(key)));
  }

  @Override
  public Optional<Instant> lastBeat(ServerId server) {
    Double score =
        redis.run(StoredKey.sortedSet(INDEX), jedis -> jedis.zscore(INDEX, server.value()));
    return Optional.ofNullable(score).flatMap(JedisServerRegistry::time);
  }

  @Override
  public Set<ServerId> alive() {
    List<String> known = names();
    List<Boolean> lives =
        redis.runAll(
            known,
            (pipeline, name) -> pipeline.exists(signOfLife(new ServerId(name))),
            name -> redis.run(jedis -> jedis.exists(signOfLife(new ServerId(name)))));
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
    Map<String, Optional<Instant>> known = known();
    List<Object> claimed =
        redis.runAll(
            known.keySet().stream()
                .map(
                    name ->
                        new Call(
                            LuaScript.SERVER_CLAIM,
                            keys(new ServerId(name)),
                            List.of(Long.toString(lease.toMillis()))))
                .toList());
    List<DeadServer> dead = new ArrayList<>();
    Iterator<Object> claims = claimed.iterator();
    known.forEach(
        (name, lastBeat) -> {
          if ((Long) claims.next() == 1) {
            dead.add(new DeadServer(new ServerId(name), lastBeat.orElse(at)));
          }
        });
    return dead;
  }

  /** The nodes of the index, dead ones too. */
  List<String> names() {
    return List.copyOf(known().keySet());
  }

  /** The nodes of the index with their last beats; removes what is no name of a node. */
  private Map<String, Optional<Instant>> known() {
    List<?> answer =
        (List<?>) redis.run(new Call(LuaScript.SERVER_INDEX, List.of(INDEX), List.of()));
    String removed = (String) answer.get(0);
    if (!removed.isEmpty()) {
      redis.damaged().tellText(INDEX, removed, "was removed");
    }
    Map<String, Optional<Instant>> known = new LinkedHashMap<>();
    for (int i = 1; i < answer.size(); i += 2) {
      known.put((String) answer.get(i), time(score((String) answer.get(i + 1))));
    }
    return known;
  }

  private static double score(String text) {
    return text.endsWith("inf") ? Double.NaN : Double.parseDouble(text);
  }

  /** Empty for what no node's clock says. */
  private static Optional<Instant> time(double millis) {
    return millis >= 0 && millis < LATEST_MS
        ? Optional.of(Instant.ofEpochMilli((long) millis))
        : Optional.empty();
  }

  @Override
  public void cleanedUp(ServerId server) {
    if (redis.run(jedis -> jedis.exists(signOfLife(server)))) {
      return;
    }
    // The claim stays for its lease: who has read the index before must not have the node again.
    removeFromIndex(server);
  }

  @Override
  public void leave(ServerId server) {
    redis.run(jedis -> jedis.psetex(claim(server), LEAVING_MS, "left"));
    redis.run(jedis -> jedis.del(signOfLife(server)));
    redis.run(jedis -> jedis.del(incarnationKey(server)));
    removeFromIndex(server);
  }

  private void removeFromIndex(ServerId server) {
    redis.run(StoredKey.sortedSet(INDEX), jedis -> jedis.zrem(INDEX, server.value()));
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
