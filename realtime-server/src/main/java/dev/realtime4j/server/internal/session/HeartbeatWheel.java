package dev.realtime4j.server.internal.session;

import dev.realtime4j.server.internal.session.limit.SessionLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the heartbeats of all sockets are due: a wheel of slots, one timer for all. What is due
 * within one slot is done together, and the event loops are woken once for it; a timer for each
 * socket woke them for each, which was most of what an idle socket cost.
 *
 * <p>An entry is never taken out before its time: it lets go of its socket by itself.
 *
 * <p>Thread safety: any thread adds; the timer calls {@link #tick}.
 */
public final class HeartbeatWheel {
  private static final Logger log = LoggerFactory.getLogger(HeartbeatWheel.class);
  private static final long WIDEST_SLOT = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long NARROWEST_SLOT = TimeUnit.MILLISECONDS.toNanos(5);

  /** With the widest slot enough for more than four hours; for longer times the slots get wider. */
  private static final int MOST_SLOTS = 1 << 16;

  /** Something that recurs. */
  @FunctionalInterface
  interface Beat {
    /**
     * Its time has come.
     *
     * @return in how many nanoseconds again; negative for never
     */
    long beat();
  }

  private final LongSupplier nanoTime;
  private final long slotNanos;
  private final long start;
  private final List<List<Beat>> wheel;

  /** The slot that was done last, counted from the start. */
  private long done;

  /**
   * @param shortest the shortest time that will be waited for; it is kept to a tenth
   * @param longest the longest
   * @param nanoTime the monotonic clock
   */
  HeartbeatWheel(Duration shortest, Duration longest, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    long fine = Math.min(WIDEST_SLOT, Math.max(NARROWEST_SLOT, shortest.toNanos() / 10));
    this.slotNanos = Math.max(fine, longest.toNanos() / MOST_SLOTS);
    int slots = (int) (longest.toNanos() / slotNanos) + 3;
    this.wheel = new ArrayList<>(slots);
    for (int i = 0; i < slots; i++) {
      wheel.add(new ArrayList<>());
    }
  }

  /** The wheel of a node; ends with the timer. */
  public static HeartbeatWheel of(
      SessionLimits limits, ScheduledExecutorService timer, LongSupplier nanoTime) {
    Duration one = limits.heartbeats().interval();
    Duration other = limits.heartbeats().timeout();
    boolean shorter = one.compareTo(other) < 0;
    HeartbeatWheel wheel =
        new HeartbeatWheel(shorter ? one : other, shorter ? other : one, nanoTime);
    timer.scheduleWithFixedDelay(
        wheel::tick, wheel.slotNanos, wheel.slotNanos, TimeUnit.NANOSECONDS);
    return wheel;
  }

  /**
   * Calls a beat after so long, up to a slot later; what is farther away than the longest time
   * comes early.
   */
  void add(Beat beat, long nanos) {
    long due = nanoTime.getAsLong() - start + Math.max(0, nanos);
    synchronized (this) {
      long slot = Math.max(done + 1, (due + slotNanos - 1) / slotNanos);
      slot = Math.min(slot, done + wheel.size() - 1);
      wheel.get((int) (slot % wheel.size())).add(beat);
    }
  }

  /** Does what is due. */
  void tick() {
    for (List<Beat> due = nextDue(); due != null; due = nextDue()) {
      due.forEach(this::beat);
    }
  }

  private synchronized @Nullable List<Beat> nextDue() {
    long now = (nanoTime.getAsLong() - start) / slotNanos;
    if (done >= now) {
      return null;
    }
    done++;
    int index = (int) (done % wheel.size());
    List<Beat> due = wheel.get(index);
    if (!due.isEmpty()) {
      wheel.set(index, new ArrayList<>(due.size()));
    }
    return due;
  }

  private void beat(Beat one) {
    try {
      long again = one.beat();
      if (again >= 0) {
        add(one, again);
      }
    } catch (Throwable e) {
      log.error("A heartbeat failed; its socket is asked no more", e);
    }
  }
}
