package dev.realtime4j.server.internal.ban;

import dev.realtime4j.api.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Which users were disconnected when, as far as this node knows: what it knows, it has carried out.
 *
 * <p>Thread safety: any thread.
 */
final class Disconnects {
  /** How long a disconnect is kept for nodes that are cut off. */
  static final Duration KEPT = Duration.ofHours(24);

  /** Below this many nobody looks for old ones. */
  private static final int FEW = 1000;

  private final InstantSource clock;
  private final ConcurrentHashMap<UserId, Instant> newest = new ConcurrentHashMap<>();

  /** Above it, old ones are forgotten; then it is twice of what is left. */
  private volatile int sweepAbove = FEW;

  /**
   * @param clock the time
   */
  Disconnects(InstantSource clock) {
    this.clock = clock;
  }

  /** The earliest time that still counts. */
  Instant keptSince() {
    return clock.instant().minus(KEPT);
  }

  /**
   * Notes a disconnect; true when this node did not know it, nor a later one of the same user. One
   * that lies far ahead is none: it would hide those that follow.
   */
  boolean add(UserId user, Instant at) {
    if (at.isAfter(clock.instant().plus(KEPT))) {
      return false;
    }
    AtomicBoolean news = new AtomicBoolean();
    newest.compute(
        user,
        (key, known) -> {
          news.set(known == null || known.isBefore(at));
          return news.get() ? at : known;
        });
    if (newest.size() > sweepAbove) {
      Instant since = keptSince();
      newest.values().removeIf(known -> known.isBefore(since));
      sweepAbove = Math.max(FEW, 2 * newest.size());
    }
    return news.get();
  }

  /** Those that are kept: who, and when last. */
  Map<UserId, Instant> all() {
    Instant since = keptSince();
    newest.values().removeIf(known -> known.isBefore(since));
    return Map.copyOf(newest);
  }
}
