package dev.realtime4j.client.internal.connection;

import dev.realtime4j.client.internal.loop.Loop;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Says by itself that this end lives, while things arrive and nothing goes out. On a slow link the
 * server's heartbeat waits behind what it sends, and with it the answer, for longer than the server
 * waits. Where nothing arrives nothing is said: an idle connection wakes nobody.
 *
 * <p>Thread safety: any thread.
 */
final class HeartbeatMonitor {
  /** Before the server said how long it waits: half of what it does by default. */
  static final Duration FIRST_EVERY = Duration.ofSeconds(5);

  private static final int GRACE = 5; // of the interval: a heartbeat is answered before it is over

  private final Loop loop;
  private final Runnable say;
  private final AtomicBoolean armed = new AtomicBoolean();
  private volatile Duration every = FIRST_EVERY;
  private volatile Duration lastSaid;
  private volatile boolean over;

  /**
   * @param say sends a heartbeat; called on the loop
   */
  HeartbeatMonitor(Loop loop, Runnable say) {
    this.loop = loop;
    this.say = say;
    this.lastSaid = loop.uptime();
  }

  /** The server closes a connection on which it heard nothing for so long after its heartbeat. */
  void serverWaits(Duration timeout) {
    every = timeout.dividedBy(2);
  }

  /** Something was sent, whatever it is. */
  void said() {
    lastSaid = loop.uptime();
  }

  /** Something arrived. */
  void heard() {
    if (!over && armed.compareAndSet(false, true)) {
      Duration least = every.dividedBy(GRACE);
      Duration left = lastSaid.plus(every).minus(loop.uptime());
      loop.after(left.compareTo(least) > 0 ? left : least, this::due);
    }
  }

  private void due() {
    armed.set(false);
    if (!over && lastSaid.plus(every).compareTo(loop.uptime()) <= 0) {
      say.run();
    }
  }

  void end() {
    over = true;
  }
}
