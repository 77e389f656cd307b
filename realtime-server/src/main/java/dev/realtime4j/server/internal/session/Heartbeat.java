package dev.realtime4j.server.internal.session;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks one socket for signs of life. Anything that arrives is one.
 *
 * <p>Thread safety: {@link #heard} is called by the transport's thread, {@link #beat} by the pulse.
 */
final class Heartbeat implements Pulse.Beat {
  private static final byte[] MESSAGE = "{}".getBytes(StandardCharsets.UTF_8);
  private static final long NEVER = -1;

  /** Who is asked. */
  interface Asked {
    void send(byte[] message);

    /** It did not answer. */
    void silent();
  }

  private final long interval;
  private final long timeout;
  private final LongSupplier nanoTime;
  private volatile long lastHeard;

  /** Null once it has stopped: the pulse keeps this object for a while, but not the socket. */
  private volatile @Nullable Asked asked;

  /** When it was asked; the rest of this class belongs to the pulse. */
  private long askedAt;

  private boolean waiting;

  Heartbeat(Duration interval, Duration timeout, Asked asked, LongSupplier nanoTime) {
    this.interval = interval.toNanos();
    this.timeout = timeout.toNanos();
    this.asked = asked;
    this.nanoTime = nanoTime;
    this.lastHeard = nanoTime.getAsLong();
  }

  /**
   * The first question comes after a random half to full interval, so that sockets that came
   * together are not asked together.
   */
  void start(Pulse pulse) {
    pulse.add(this, interval / 2 + ThreadLocalRandom.current().nextLong(interval / 2 + 1));
  }

  /** A sign of life. */
  void heard() {
    lastHeard = nanoTime.getAsLong();
  }

  /** When the last sign of life was. */
  long lastHeardNanos() {
    return lastHeard;
  }

  void stop() {
    asked = null;
  }

  @Override
  public long beat() {
    Asked now = asked;
    if (now == null) {
      return NEVER;
    }
    if (!waiting) {
      waiting = true;
      askedAt = nanoTime.getAsLong();
      now.send(MESSAGE);
      return timeout;
    }
    waiting = false;
    if (lastHeard - askedAt < 0) {
      now.silent();
      return NEVER;
    }
    return Math.max(0, askedAt + interval - nanoTime.getAsLong());
  }
}
