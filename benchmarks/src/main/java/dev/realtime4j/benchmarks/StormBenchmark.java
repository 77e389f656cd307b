package dev.realtime4j.benchmarks;

import dev.realtime4j.server.redis.RedisBackend;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.function.DoubleConsumer;
import redis.embedded.RedisServer;

/**
 * How fast clients come back that all lost their node: sockets in a row, each with a user of its
 * own, on a node with PostgreSQL and Redis, until each has heard what it missed. In the first round
 * the node is cold, as after a deployment.
 */
public final class StormBenchmark {
  private static final Duration AT_MOST = Duration.ofMinutes(2);

  private StormBenchmark() {}

  /**
   * Measures and prints.
   *
   * @param args {@code --sockets}, {@code --rounds}
   * @throws IOException when a server does not start or a socket is refused
   */
  public static void main(String[] args) throws IOException {
    Words words = new Words().number("sockets", 3_000).number("rounds", 5);
    try {
      words.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    measure(words, perSecond -> System.out.printf("%,.0f connects/s%n", perSecond));
  }

  /**
   * @param rounds told of each how many sockets came in a second
   */
  static void measure(Words words, DoubleConsumer rounds) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    RedisServer redis = RedisServer.newRedisServer().port(port).setting("save \"\"").build();
    redis.start();
    try (RedisBackend cluster = RedisBackend.connect(URI.create("redis://127.0.0.1:" + port));
        NotificationStage stage = NotificationStage.start(cluster)) {
      for (int round = 1; round <= words.get("rounds"); round++) {
        rounds.accept(perSecond(stage, words.get("sockets")));
      }
    } finally {
      redis.stop();
    }
  }

  private static double perSecond(NotificationStage stage, int sockets) throws IOException {
    Contender ours = Contender.REALTIME4J;
    try (Crowd crowd = new Crowd(stage.address(), ours, new Message(1))) {
      long begin = System.nanoTime();
      crowd.open(sockets, ours.greeting(), Arrivals.IGNORED, AT_MOST);
      double seconds = (System.nanoTime() - begin) / 1e9;
      crowd.checkWhole();
      return sockets / seconds;
    }
  }
}
