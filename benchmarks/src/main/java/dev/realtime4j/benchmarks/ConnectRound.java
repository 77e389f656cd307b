package dev.realtime4j.benchmarks;

import java.io.IOException;
import java.time.Duration;

/** Opens many sockets in a row, and keeps them open. */
final class ConnectRound {
  private static final Duration AT_MOST = Duration.ofMinutes(2);

  private ConnectRound() {}

  /**
   * What came of it.
   *
   * @param opened sockets that heard that they are open
   * @param failed the others
   * @param perSecond sockets opened in a second
   */
  record Opened(Contender contender, int opened, int failed, double perSecond) {
    String line() {
      return String.format(
          "%-25s %,d opened, %d failed, %,.0f connects/s",
          contender.title(), opened, failed, perSecond);
    }
  }

  static Opened run(Options options, Contender contender) throws IOException {
    Message message = new Message(options.payload());
    try (ServerProcess server = ServerProcess.start(contender);
        Crowd crowd = new Crowd(server.address(), contender, message)) {
      long begin = System.nanoTime();
      crowd.open(options.connect(), contender.greeting(), Arrivals.IGNORED, AT_MOST);
      double seconds = (System.nanoTime() - begin) / 1e9;
      int opened = options.connect() - crowd.failures();
      return new Opened(contender, opened, crowd.failures(), opened / seconds);
    }
  }
}
