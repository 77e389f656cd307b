package dev.realtime4j.examples.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * The client on a console. Start the demo, then this, perhaps twice:
 *
 * <pre>{@code
 * mvn -q compile exec:java -Dexec.mainClass=dev.realtime4j.examples.client.ConsoleClient \
 *     -Dexec.args="Anna"
 * }</pre>
 */
public final class ConsoleClient {
  private ConsoleClient() {}

  /**
   * Runs until {@code quit} or the end of the input.
   *
   * @param args a name; then where the demo is, unless it is on {@code http://localhost:8088}
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    String name = args.length > 0 ? args[0] : "Anna";
    URI demo = URI.create(args.length > 1 ? args[1] : "http://localhost:8088");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    run(DemoLogin.at(demo, name), in, System.out);
  }

  /** Runs it on any input and output. */
  public static void run(DemoLogin login, BufferedReader in, PrintStream out) throws IOException {
    try (Console console = new Console(login.client().build(), login.others(), out)) {
      console.open();
      String line = in.readLine();
      while (line != null && console.obey(line)) {
        line = in.readLine();
      }
    }
  }
}
