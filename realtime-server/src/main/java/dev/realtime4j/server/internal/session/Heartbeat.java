package dev.realtime4j.server.internal.session;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks one socket for signs of life. Anything that arrives is one, be it a part of a frame, and so
 * is a full socket that takes more.
 *
 * <p>On a slow link the question itself travels for a while, behind what the kernels hold. So what
 * was written of late adds to the time for the answer: what {@value #SLOWEST_BYTES_PER_SECOND}
 * bytes a second need for it, at most a minute. A client that is not being read from is not judged.
 *
 * <p>Thread safety: {@link #heard} is called by the transport's thread, {@link #beat} by the wheel.
 */
final class Heartbeat implements HeartbeatWheel.Beat {
  /** A link that carries less is a dead one. */
  private static final long SLOWEST_BYTES_PER_SECOND = 1024;

  private static final long MOST_IN_FLIGHT = 60 * SLOWEST_BYTES_PER_SECOND;

  private static final byte[] MESSAGE = "{}".getBytes(StandardCharsets.UTF_8);
  private static final long NEVER = -1;

  /** Who is asked. */
  interface Asked {
    /** Sends a message in front of all that waits. */
    void sendFirst(byte[] message);

    /** Whether what it says is read now. */
    boolean isListenedTo();

    /** How many bytes the socket has taken so far. */
    long bytesWritten();

    /** It did not answer. */
    void silent();
  }

  private final long interval;
  private final long timeout;
  private final LongSupplier nanoTime;
  private volatile long lastHeard;

  /** Null once it has stopped: the wheel keeps this object for a while, but not the socket. */
  private volatile @Nullable Asked asked;

  /** When it was asked; the rest of this class belongs to the wheel. */
  private long askedAt;

  /** By when an answer must have come. */
  private long answerBy;

  private boolean waiting;

  /**
   * When it was looked at last what was written, how much it was, and how much may not be there.
   */
  private long lookedAt;

  private long written;
  private long inFlight;

  Heartbeat(Duration interval, Duration timeout, Asked asked, LongSupplier nanoTime) {
    this.interval = interval.toNanos();
    this.timeout = timeout.toNanos();
    this.asked = asked;
    this.nanoTime = nanoTime;
    this.lastHeard = nanoTime.getAsLong();
    this.lookedAt = lastHeard;
  }

  /**
   * The first question comes after a random half to full interval, so that sockets that came
   * together are not asked together.
   */
  void start(HeartbeatWheel wheel, RandomGenerator random) {
    wheel.add(this, interval / 2 + random.nextLong(interval / 2 + 1));
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
    long time = nanoTime.getAsLong();
    if (!waiting) {
      waiting = true;
      askedAt = time;
      answerBy = time + timeout + travelNanos(now.bytesWritten(), time);
      now.sendFirst(MESSAGE);
      return timeout;
    }
    if (lastHeard - askedAt >= 0) {
      waiting = false;
      return Math.max(0, askedAt + interval - time);
    }
    if (!now.isListenedTo()) {
      return timeout;
    }
    if (answerBy - time > 0) {
      return Math.min(timeout, answerBy - time);
    }
    now.silent();
    return NEVER;
  }

  /**
   * How long what was written may be under way, as if all that is new had been written just now.
   */
  private long travelNanos(long writtenNow, long time) {
    long arrived = (time - lookedAt) / 1000 * SLOWEST_BYTES_PER_SECOND / 1_000_000;
    inFlight = Math.max(0, inFlight - arrived) + writtenNow - written;
    inFlight = Math.min(inFlight, MOST_IN_FLIGHT);
    lookedAt = time;
    written = writtenNow;
    return inFlight * 1_000_000_000L / SLOWEST_BYTES_PER_SECOND;
  }
}
