package dev.realtime4j.examples;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that must be told which: none that the system gives to a connection meanwhile.
 */
public final class FreePort {
  private FreePort() {}

  /** One that nobody has now, below those of connections. */
  public static int some() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 22_000);
      try (ServerSocket free = new ServerSocket(port)) {
        return free.getLocalPort();
      } catch (IOException taken) {
        continue;
      }
    }
  }
}
