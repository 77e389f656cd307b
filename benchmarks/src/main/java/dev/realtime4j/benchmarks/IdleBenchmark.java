package dev.realtime4j.benchmarks;

import java.io.IOException;
import java.time.Duration;

/**
 * What sockets cost that do nothing but answer heartbeats: processor time of the server's process
 * over a while, beside that of a node without sockets, and the heap for each. Its heartbeat is the
 * default, every 25 s.
 */
public final class IdleBenchmark {
  private static final Duration OPENING = Duration.ofMinutes(5);

  private IdleBenchmark() {}

  /**
   * Measures and prints.
   *
   * @param args {@code --sockets}, {@code --seconds}, {@code --settle} (seconds before)
   * @throws IOException when a server or a socket was lost: then there is no figure
   */
  public static void main(String[] args) throws IOException {
    Words words = new Words().number("sockets", 10_000).number("seconds", 100).number("settle", 60);
    try {
      words.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    System.out.println(measure(words));
  }

  static String measure(Words words) throws IOException {
    Contender ours = Contender.REALTIME4J;
    int sockets = words.get("sockets");
    try (ServerProcess server = ServerProcess.start(ours);
        Crowd crowd = new Crowd(server.address(), ours, new Message(1))) {
      Share empty = Share.of(server, crowd, words);
      crowd.open(sockets, ours.greeting(), Arrivals.IGNORED, OPENING);
      Share full = Share.of(server, crowd, words);
      return String.format(
          "%,d idle sockets: %.2f %% of one core, a node without any: %.2f %% (and %.2f %% and %.2f"
              + " %% for compiling, which ends after a while); %,d bytes of heap each",
          sockets,
          full.working,
          empty.working,
          full.compiling,
          empty.compiling,
          (full.heapBytes - empty.heapBytes) / sockets);
    }
  }

  /** Of one processor, in percent. */
  private record Share(double working, double compiling, long heapBytes) {
    static Share of(ServerProcess server, Crowd crowd, Words words) throws IOException {
      turnFor(crowd, Duration.ofSeconds(words.get("settle")));
      ServerFigures before = ServerFigures.ask(server.address());
      long start = System.nanoTime();
      turnFor(crowd, Duration.ofSeconds(words.get("seconds")));
      ServerFigures after = ServerFigures.ask(server.address());
      Duration time = Duration.ofNanos(System.nanoTime() - start);
      double compiling = after.percentCompiling(before, time);
      return new Share(
          after.percentOfACore(before, time) - compiling, compiling, after.heapBytes());
    }
  }

  private static void turnFor(Crowd crowd, Duration time) throws IOException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      crowd.turn(100);
      crowd.checkWhole();
    }
  }
}
