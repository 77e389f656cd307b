package dev.realtime4j.benchmarks;

import java.io.IOException;
import java.time.Duration;

/**
 * What sockets cost that do nothing but answer heartbeats: processor time of the server's process
 * over a while, and the heap for each. Its heartbeat is the default, every 25 s.
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
    Words words = new Words().number("sockets", 10_000).number("seconds", 100).number("settle", 30);
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
    Duration time = Duration.ofSeconds(words.get("seconds"));
    int sockets = words.get("sockets");
    try (ServerProcess server = ServerProcess.start(ours);
        Crowd crowd = new Crowd(server.address(), ours, new Message(1))) {
      ServerFigures empty = ServerFigures.ask(server.address());
      crowd.open(sockets, ours.greeting(), Arrivals.IGNORED, OPENING);
      crowd.checkWhole();
      turnFor(crowd, Duration.ofSeconds(words.get("settle")));
      ServerFigures before = ServerFigures.ask(server.address());
      long start = System.nanoTime();
      turnFor(crowd, time);
      ServerFigures after = ServerFigures.ask(server.address());
      Duration measured = Duration.ofNanos(System.nanoTime() - start);
      crowd.checkWhole();
      return String.format(
          "%,d idle sockets: %.2f %% of one core over %d s, %,d bytes of heap each",
          sockets,
          after.percentOfACore(before, measured),
          measured.toSeconds(),
          (after.heapBytes() - empty.heapBytes()) / sockets);
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
