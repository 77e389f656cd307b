package dev.realtime4j.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import redis.embedded.RedisServer;

/**
 * What users who behave well notice of those who do not: the latencies of their calls while all is
 * quiet and under one attack after the other, in turns, on a node with the limits that it has by
 * default, a Redis and a PostgreSQL. Each attack is a process of its own that gives way to others.
 */
public final class AttackBenchmark {
  private static final int SETTLE_SECONDS = 2;

  private AttackBenchmark() {}

  /**
   * Measures and prints a table.
   *
   * @param args see {@link #words}
   * @throws IOException when a user who behaves well was not served: then there is no figure
   */
  public static void main(String[] args) throws IOException {
    Words words = words();
    try {
      words.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    System.out.println(words);
    List<Attack> attacks = Arrays.asList(Attack.values());
    int only = words.get("only");
    measure(words, only == 0 ? attacks : attacks.subList(only - 1, only));
  }

  static Words words() {
    return new Words()
        .number("seconds", 8)
        .number("warmUp", 20)
        .number("rounds", 3)
        .number("only", 0);
  }

  /** The figures of one while, in milliseconds. */
  record Part(double echo50, double echo99, double presence50, double presence99, long refused) {
    static Part of(GoodUsers.Part part, long refused) {
      return new Part(
          millis(part.echo().percentile(50)),
          millis(part.echo().percentile(99)),
          millis(part.presence().percentile(50)),
          millis(part.presence().percentile(99)),
          refused);
    }

    private static double millis(Duration time) {
      return time.toNanos() / 1e6;
    }

    /** The middle of several, each figure by itself. */
    static Part median(List<Part> parts) {
      return new Part(
          middle(parts, Part::echo50),
          middle(parts, Part::echo99),
          middle(parts, Part::presence50),
          middle(parts, Part::presence99),
          (long) middle(parts, part -> (double) part.refused));
    }

    private static double middle(List<Part> parts, Function<Part, Double> figure) {
      double[] sorted = parts.stream().mapToDouble(figure::apply).sorted().toArray();
      return sorted[sorted.length / 2];
    }
  }

  static List<Part> measure(Words words, List<Attack> attacks) throws IOException {
    int redisPort = freePort();
    RedisServer redis = RedisServer.newRedisServer().port(redisPort).setting("save \"\"").build();
    redis.start();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      URI redisUrl = URI.create("redis://127.0.0.1:" + redisPort);
      String jdbcUrl = postgres.getJdbcUrl("postgres", "postgres");
      try (ServerProcess server =
              ServerProcess.start(AttackedMain.class, redisUrl.toString(), jdbcUrl);
          GoodUsers users = new GoodUsers(server.address())) {
        users.measure(3 * words.get("seconds") / 2); // the compiler's time
        System.out.println(
            "| attack | echo p50, p99 | presence.get p50, p99 | p99 to quiet | refused |");
        System.out.println("|---|---|---|---|---|");
        List<Part> all = new ArrayList<>();
        for (Attack attack : attacks) {
          all.add(measure(words, attack, users, server.address(), redisUrl));
        }
        return all;
      }
    } finally {
      redis.stop();
    }
  }

  private static Part measure(
      Words words, Attack attack, GoodUsers users, InetSocketAddress server, URI redis)
      throws IOException {
    List<Part> quiet = new ArrayList<>();
    List<Part> attacked = new ArrayList<>();
    try (AttackProcess process = AttackProcess.start(attack, server, redis)) {
      users.measure(words.get("warmUp")); // the compiler's time, again
      process.refused();
    }
    users.measure(SETTLE_SECONDS);
    for (int i = 0; i < words.get("rounds"); i++) {
      quiet.add(Part.of(users.measure(words.get("seconds")), 0));
      try (AttackProcess process = AttackProcess.start(attack, server, redis)) {
        users.measure(SETTLE_SECONDS);
        GoodUsers.Part part = users.measure(words.get("seconds"));
        attacked.add(Part.of(part, process.refused()));
      }
      users.measure(SETTLE_SECONDS); // what is left of the attack
    }
    Part before = Part.median(quiet);
    Part under = Part.median(attacked);
    System.out.printf(
        "| %s | %.1f, %.1f ms (quiet %.1f, %.1f) | %.1f, %.1f ms (quiet %.1f, %.1f) |"
            + " %.1f, %.1f | %d |%n",
        attack.title(),
        under.echo50,
        under.echo99,
        before.echo50,
        before.echo99,
        under.presence50,
        under.presence99,
        before.presence50,
        before.presence99,
        under.echo99 / before.echo99,
        under.presence99 / before.presence99,
        under.refused);
    return under;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
