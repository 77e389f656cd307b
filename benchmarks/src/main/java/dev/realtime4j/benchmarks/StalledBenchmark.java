package dev.realtime4j.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What readers that stall do to the others: the latency of the others while all read, and while
 * some do not, in turns; and what the server's heap grows by.
 */
public final class StalledBenchmark {
  private StalledBenchmark() {}

  /**
   * Measures and prints.
   *
   * @param args see {@link #words}
   * @throws IOException when the server or a socket that reads was lost: then there is no figure
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
    List<StalledRound.Part> parts = measure(words);
    double quiet = medianP99(parts.stream().filter(part -> part.stalled() == 0).toList());
    double stalled = medianP99(parts.stream().filter(part -> part.stalled() > 0).toList());
    System.out.printf(
        "p99 %.1f ms -> %.1f ms with stalled readers: %+.0f %%%n",
        quiet, stalled, 100 * (stalled / quiet - 1));
  }

  static Words words() {
    return new Words()
        .number("sockets", 1000)
        .number("stalled", 100)
        .number("rooms", 20)
        .number("rate", 2000)
        .number("payload", 1000)
        .number("seconds", 30)
        .number("rounds", 3);
  }

  static List<StalledRound.Part> measure(Words words) throws IOException {
    List<StalledRound.Part> parts = new ArrayList<>();
    try (ServerProcess server = ServerProcess.start(Contender.REALTIME4J);
        StalledRound round = new StalledRound(server.address(), words)) {
      round.warmUp();
      for (int i = 1; i <= words.get("rounds"); i++) {
        parts.add(printed(i, round.measure(0)));
        parts.add(printed(i, round.measure(words.get("stalled"))));
      }
    }
    return parts;
  }

  private static StalledRound.Part printed(int number, StalledRound.Part part) {
    System.out.printf("round %d  %s%n", number, part.line());
    return part;
  }

  private static double medianP99(List<StalledRound.Part> parts) {
    double[] sorted =
        parts.stream().mapToDouble(part -> part.p99().toNanos() / 1e6).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
