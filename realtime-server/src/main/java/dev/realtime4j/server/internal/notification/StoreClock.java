package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.notification.NotificationCatchUp;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.server.internal.health.Problems;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes ids by the clock of the store, whatever the clock of this node says: catch-up bounds what
 * it looks for by the time that an id begins with, and asks the store's clock for it. An id of a
 * node that is two days behind would lie below that bound.
 *
 * <p>The store is asked now and then; in between time goes on as the JVM's monotonic clock does.
 * Where that and the node's clock come apart, one of them jumped or the machine slept, and the
 * store is asked before the next id. Before the first answer there is no id at all.
 *
 * <p>Each id is greater than the one before, also where the store's clock is set back; unless by
 * more than {@link #MOST_AHEAD}, when ids begin anew at its time.
 *
 * <p>Thread safety: any thread. {@link #prepare} may block on the store, the others do not.
 */
final class StoreClock implements Supplier<NotificationId> {
  /** A node whose clock differs by more is told so. */
  static final Duration APART = Duration.ofMinutes(1);

  /** How far ids may run ahead to stay in order. */
  static final Duration MOST_AHEAD = Duration.ofHours(1);

  /** A difference that has changed by less is the same one. */
  private static final Duration CHANGE = Duration.ofSeconds(10);

  private static final Duration JUMP = Duration.ofSeconds(1);
  private static final String PROBLEM = "clock.database";

  private final NotificationCatchUp store;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Problems problems;
  private final Object asking = new Object();
  private volatile @Nullable Measured measured;

  /** How far the node's clock was ahead when that was told; null when it is right. */
  private @Nullable Duration told;

  /** Milliseconds and a count of 12 bits; guarded by this. */
  private long last;

  /**
   * @param clock the node's
   * @param nanoTime the monotonic clock
   * @param problems told when the node's clock is far from the store's
   */
  StoreClock(
      NotificationCatchUp store, InstantSource clock, LongSupplier nanoTime, Problems problems) {
    this.store = store;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.problems = problems;
  }

  /**
   * One look at all three clocks.
   *
   * @param store null when the store has none of its own
   */
  private record Measured(@Nullable Instant store, Instant node, long nanos) {}

  /**
   * Asks the store where that is needed before the next id.
   *
   * @throws RealtimeException {@code UNAVAILABLE} when it does not answer
   */
  void prepare() {
    if (!isCurrent()) {
      synchronized (asking) { // One asks for all.
        if (!isCurrent()) {
          measure();
        }
      }
    }
  }

  /**
   * The same through a connection of the application, so that no second one of its pool is needed.
   *
   * @param ask for the time of the store
   */
  void prepare(Supplier<Optional<Instant>> ask) {
    if (!isCurrent()) {
      measure(ask);
    }
  }

  /** Asks the store. */
  void measure() {
    measure(store::time);
  }

  private void measure(Supplier<Optional<Instant>> ask) {
    long before = nanoTime.getAsLong();
    Instant told = ask.get().orElse(null);
    long took = nanoTime.getAsLong() - before;
    Instant node = clock.instant();
    // What the store said was so on the way there and back: half of that is the best guess.
    Instant now = told == null ? null : told.plusNanos(took / 2);
    measured = new Measured(now, node, before + took);
    if (now != null) {
      compare(Duration.between(now, node), Duration.ofNanos(took / 2));
    }
  }

  /**
   * A difference is told once, and again when it is another one: a clock that is wrong by an hour
   * is so by a little more at one look and a little less at the next.
   */
  private synchronized void compare(Duration ahead, Duration uncertain) {
    Duration before = told;
    if (before == null
        ? ahead.abs().compareTo(APART.plus(uncertain)) <= 0
        : ahead.abs().compareTo(APART.minus(CHANGE)) <= 0) {
      told = null;
      problems.clear(PROBLEM);
    } else if (before == null || isOther(ahead, before)) {
      told = ahead;
      problems.report(
          PROBLEM,
          "the clock of this node is "
              + rounded(ahead.abs())
              + (ahead.isNegative() ? " behind" : " ahead of")
              + " the database's: synchronise both (NTP). Notifications get the database's time"
              + " meanwhile, but tokens expire and connections are logged by this node's clock");
    }
  }

  private static boolean isOther(Duration ahead, Duration before) {
    Duration change = ahead.minus(before).abs();
    return change.compareTo(CHANGE) > 0 && change.compareTo(before.abs().dividedBy(4)) > 0;
  }

  private static String rounded(Duration apart) {
    long minutes = apart.plusSeconds(30).toMinutes();
    if (minutes >= 36 * 60) {
      return "about " + (minutes + 12 * 60) / (24 * 60) + " days";
    }
    if (minutes >= 90) {
      return "about " + (minutes + 30) / 60 + " hours";
    }
    return minutes >= 2 ? "about " + minutes + " minutes" : "more than a minute";
  }

  private boolean isCurrent() {
    Measured then = measured;
    if (then == null) {
      return false;
    }
    if (then.store == null) {
      return true;
    }
    Duration passed = Duration.ofNanos(nanoTime.getAsLong() - then.nanos);
    Duration byNode = Duration.between(then.node, clock.instant());
    return byNode.minus(passed).abs().compareTo(JUMP) <= 0;
  }

  private Instant now() {
    Measured then = measured;
    return then == null || then.store == null
        ? clock.instant()
        : then.store.plusNanos(nanoTime.getAsLong() - then.nanos);
  }

  /** The next id; after {@link #prepare} by the store's clock. */
  @Override
  public NotificationId get() {
    return new NotificationId(uuid());
  }

  /** The same for what needs an order but not the store: by the node's clock before it is known. */
  UUID uuid() {
    long stamp = next(now().toEpochMilli());
    long high = stamp >>> 12 << 16 | 0x7000 | stamp & 0xfff;
    return new UUID(high, UUID.randomUUID().getLeastSignificantBits());
  }

  private synchronized long next(long millis) {
    long now = millis << 12;
    boolean isFarAhead = last - now > MOST_AHEAD.toMillis() << 12;
    last = isFarAhead ? now : Math.max(last + 1, now);
    return last;
  }
}
