package dev.realtime4j.server.redis;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.UnifiedJedis;

/** A Redis Cluster of three masters without replicas. */
final class TestRedisCluster implements AutoCloseable {
  private static final int SLOTS = 16_384;

  private final List<TestRedis> masters;
  private final List<UnifiedJedis> clients;

  private TestRedisCluster(List<TestRedis> masters) {
    this.masters = masters;
    this.clients = masters.stream().map(TestRedis::client).toList();
  }

  static TestRedisCluster start() {
    List<TestRedis> masters = Stream.generate(TestRedis::startClustered).limit(3).toList();
    HostAndPort first = masters.get(0).address();
    for (int i = 0; i < masters.size(); i++) {
      int[] slots =
          IntStream.range(SLOTS * i / masters.size(), SLOTS * (i + 1) / masters.size()).toArray();
      try (Jedis master = new Jedis(masters.get(i).address())) {
        master.clusterAddSlots(slots);
        if (i > 0) {
          master.clusterMeet(first.getHost(), first.getPort());
        }
      }
    }
    masters.forEach(
        each -> {
          try (Jedis master = new Jedis(each.address())) {
            await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(
                    () ->
                        master.clusterInfo().contains("cluster_state:ok")
                            && master.clusterInfo().contains("cluster_known_nodes:3")
                            && master.clusterInfo().contains("cluster_size:3"));
          }
        });
    return new TestRedisCluster(masters);
  }

  Set<HostAndPort> addresses() {
    return masters.stream().map(TestRedis::address).collect(Collectors.toSet());
  }

  HostAndPort anyAddress() {
    return masters.get(ThreadLocalRandom.current().nextInt(masters.size())).address();
  }

  /** One for each master, to look at what it stores. */
  List<UnifiedJedis> clients() {
    return clients;
  }

  void stopFirst() {
    masters.get(0).stop();
  }

  @Override
  public void close() {
    clients.forEach(UnifiedJedis::close);
    masters.forEach(TestRedis::close);
  }
}
