package dev.realtime4j.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A program whose {@code main} returns as soon as its server serves. It prints the port, says when
 * {@code main} has returned, and does what the lines of its standard input say: {@code close},
 * {@code drain}. Its arguments: a port, and what is special about it.
 */
final class ServingProcess {
  private ServingProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    RealtimeServer.Builder builder =
        RealtimeServer.builder()
            .port(Integer.parseInt(arguments[0]))
            .authenticator(new TestUsers())
            .drainTime(Duration.ofMillis(100));
    switch (arguments[1]) {
      case "plain" -> serve(builder);
      case "many-sockets" -> serve(builder.maxSockets(1000));
      case "daemon" -> serve(builder.processLifetime(ProcessLifetime.DAEMON));
      case "started-by-a-daemon" -> {
        Thread starter = daemon(() -> serve(builder));
        starter.join();
      }
      default -> throw new IllegalArgumentException(arguments[1]);
    }
  }

  private static void serve(RealtimeServer.Builder builder) {
    RealtimeServer server = builder.build().start();
    System.out.println(server.port());
    Thread main = mainThread();
    daemon(
        () -> {
          try {
            main.join();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          System.out.println("main has returned");
        });
    daemon(() -> obey(server));
  }

  private static Thread mainThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getId() == 1)
        .findFirst()
        .orElseThrow();
  }

  private static void obey(RealtimeServer server) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      String line = in.readLine();
      if ("close".equals(line)) {
        untilSaid(server::close);
      } else if ("drain".equals(line)) {
        untilSaid(() -> server.drain(Duration.ofMillis(100)));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** No daemon: once the server is closed nothing else keeps the process until this has spoken. */
  private static void untilSaid(Runnable end) {
    Thread ender =
        new Thread(
            () -> {
              end.run();
              System.out.println("closed");
            },
            "test-program-end");
    ender.setDaemon(false); // the one that starts it is
    ender.start();
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "test-program");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
