package dev.realtime4j.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/** One attack, in a process of its own, until its standard input ends; then how it went. */
final class AttackMain {
  private AttackMain() {}

  /**
   * Attacks.
   *
   * @param args which attack, the port of the server, the URL of its Redis
   */
  public static void main(String[] args) throws IOException {
    Attack attack = Attack.valueOf(args[0]);
    InetSocketAddress server =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
    Attacker attacker = new Attacker(server, URI.create(args[2]));
    for (int i = 0; i < attack.threads(); i++) {
      int number = i;
      Thread thread = new Thread(() -> attacker.run(attack, number), "attacker-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    while (System.in.read() >= 0) {
      // nothing is said to it
    }
    System.out.println(attacker.refused());
  }
}
