package dev.realtime4j.server.internal.session;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks one socket for signs of life. Anything that arrives is one.
 *
 * <p>Thread safety: {@link #heard} is called by the transport's thread, the rest by the timer.
 */
final class Heartbeat {
  private static final byte[] MESSAGE = "{}".getBytes(StandardCharsets.UTF_8);

  private final ScheduledExecutorService timer;
  private final long interval;
  private final long timeout;
  private final Session session;
  private volatile long lastHeard = System.nanoTime();
  private volatile long asked;
  private volatile @Nullable Future<?> next;
  private volatile boolean stopped;

  Heartbeat(ScheduledExecutorService timer, Duration interval, Duration timeout, Session session) {
    this.timer = timer;
    this.interval = interval.toNanos();
    this.timeout = timeout.toNanos();
    this.session = session;
  }

  /**
   * The first question comes after a random half to full interval, so that sockets that came
   * together are not asked together.
   */
  void start() {
    schedule(this::ask, interval / 2 + ThreadLocalRandom.current().nextLong(interval / 2 + 1));
  }

  /** A sign of life. */
  void heard() {
    lastHeard = System.nanoTime();
  }

  /** How long ago the last sign of life was. */
  long lastHeardNanos() {
    return lastHeard;
  }

  void stop() {
    stopped = true;
    Future<?> pending = next;
    if (pending != null) {
      pending.cancel(false);
    }
  }

  private void ask() {
    asked = System.nanoTime();
    session.send(MESSAGE);
    schedule(this::check, timeout);
  }

  private void check() {
    if (lastHeard - asked < 0) {
      session.silent();
    } else {
      schedule(this::ask, Math.max(0, asked + interval - System.nanoTime()));
    }
  }

  private void schedule(Runnable task, long nanos) {
    if (!stopped) {
      next = timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }
  }
}
