package dev.realtime4j.integration.node;

import dev.realtime4j.client.ConnectionChange;
import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.fixtures.WireSocket;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A process with clients of the SDK, each of a user of its own. It prints what they tell their
 * applications, and ends with its standard input:
 *
 * <pre>
 * state &lt;user&gt; &lt;state&gt; &lt;seconds until the next attempt&gt; &lt;attempt and cause&gt;
 * shown &lt;user&gt; &lt;notification&gt;
 * </pre>
 */
final class RollingClientsProcess {
  /** The environment variable with the nodes' secret. */
  static final String SECRET = "ROLLING_SECRET";

  /** They come one after the other: all of them are on the machine of the nodes. */
  private static final int APART_MILLIS = 40;

  private RollingClientsProcess() {}

  /**
   * @param args the first and the last user's number, then the nodes' ports
   */
  public static void main(String[] args) throws IOException {
    String secret = System.getenv(SECRET);
    List<Integer> ports =
        Arrays.stream(args).skip(2).map(Integer::valueOf).collect(Collectors.toList());
    // For all of them: a thread for each would be in the others' way.
    ExecutorService callbacks = Executors.newFixedThreadPool(2);
    ScheduledExecutorService coming = Executors.newScheduledThreadPool(1);
    int first = Integer.parseInt(args[0]);
    for (int i = first; i <= Integer.parseInt(args[1]); i++) {
      RealtimeClient client = client(RollingClients.user(i), order(ports, i), secret, callbacks);
      coming.schedule(client::connect, (i - first) * APART_MILLIS, TimeUnit.MILLISECONDS);
    }
    while (System.in.read() >= 0) {
      // nothing is said: the end of the test is the end of this
    }
    Runtime.getRuntime().halt(0);
  }

  /** Each client begins with another node, and those of one node do not all go on to the same. */
  private static List<Integer> order(List<Integer> ports, int number) {
    List<Integer> order = new ArrayList<>(ports);
    Collections.rotate(order, number);
    if (number % 2 == 1) {
      Collections.reverse(order);
    }
    return order;
  }

  private static RealtimeClient client(
      UUID user, List<Integer> ports, String secret, ExecutorService callbacks) {
    RealtimeClient.Builder builder = RealtimeClient.builder();
    for (int port : ports) {
      builder.endpoint(URI.create("ws://127.0.0.1:" + port + "/ws"));
    }
    RealtimeClient client =
        builder
            .tokenProvider(() -> WireSocket.token(secret, user, ""))
            .callbackExecutor(callbacks)
            .build();
    client.notifications().onNew(shown -> say("shown " + user + " " + shown.id()));
    client.onState(change -> say("state " + user + " " + told(change)));
    return client;
  }

  private static String told(ConnectionChange change) {
    String told = change.state() + " " + change.delay().toSeconds();
    return change.cause() == null
        ? told
        : told + " attempt " + change.attempt() + ": " + change.cause().getMessage();
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
