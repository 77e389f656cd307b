package dev.realtime4j.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How fast one message reaches a thousand sockets, beside a raw broadcast of Java-WebSocket.
 *
 * <p>Each server is a process of its own, started anew for each round, in turns; this process is
 * the load. So the figures are for one machine that carries both sides.
 */
public final class FanoutBenchmark {
  private FanoutBenchmark() {}

  /**
   * Measures and prints.
   *
   * @param args see the message that a wrong one is answered with
   * @throws IOException when a server or a socket was lost: then there is no figure
   */
  public static void main(String[] args) throws IOException {
    Options options;
    try {
      options = Options.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    System.out.printf(
        "Java %s, %d processors%n%s%n",
        Runtime.version().feature(), Runtime.getRuntime().availableProcessors(), options);
    if (options.connect() > 0) {
      connect(options);
    } else {
      compare(fanout(options));
    }
  }

  /** All rounds, in turns. */
  static List<Result> fanout(Options options) throws IOException {
    List<Result> results = new ArrayList<>();
    for (int round = 1; round <= options.rounds(); round++) {
      for (Contender contender : Contender.values()) {
        Result result = FanoutRound.run(options, contender);
        long lost = result.published() * options.subscribers() - result.delivered();
        System.out.printf(
            "round %d  %s%s%n", round, result.line(), lost == 0 ? "" : "   LOST " + lost);
        results.add(result);
      }
    }
    return results;
  }

  private static void connect(Options options) throws IOException {
    for (int round = 1; round <= options.rounds(); round++) {
      for (Contender contender : Contender.values()) {
        System.out.printf("round %d  %s%n", round, ConnectRound.run(options, contender).line());
      }
    }
  }

  private static void compare(List<Result> results) {
    for (Contender contender : Contender.values()) {
      System.out.printf(
          "median   %-25s %,11.0f deliveries/s %6.1f messages/frame%n",
          contender.title(),
          median(results, contender, Result::deliveriesPerSecond),
          median(results, contender, Result::messagesPerFrame));
    }
    System.out.printf(
        "ratio    %.2f%n",
        median(results, Contender.REALTIME4J, Result::deliveriesPerSecond)
            / median(results, Contender.BROADCAST, Result::deliveriesPerSecond));
  }

  private static double median(
      List<Result> results, Contender contender, ToDoubleFunction<Result> figure) {
    double[] sorted =
        results.stream()
            .filter(result -> result.contender() == contender)
            .mapToDouble(figure)
            .sorted()
            .toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
