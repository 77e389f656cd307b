package dev.realtime4j.server.internal.session;

import dev.realtime4j.api.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Users who may not connect for a while.
 *
 * <p>Thread safety: any thread.
 */
public final class Bans {
  /** Above this many, ended bans are looked for and forgotten. */
  private static final int SWEEP_ABOVE = 1000;

  private final InstantSource clock;
  private final ConcurrentHashMap<UserId, Instant> until = new ConcurrentHashMap<>();

  /**
   * @param clock the time
   */
  public Bans(InstantSource clock) {
    this.clock = clock;
  }

  /** Keeps a user out until then. */
  public void ban(UserId user, Instant end) {
    until.merge(user, end, (old, now) -> old.isAfter(now) ? old : now);
    if (until.size() > SWEEP_ABOVE) {
      Instant now = clock.instant();
      until.values().removeIf(time -> !time.isAfter(now));
    }
  }

  /** How long the user still has to stay away; zero when he may come. */
  public Duration remaining(UserId user) {
    Instant end = until.get(user);
    if (end == null) {
      return Duration.ZERO;
    }
    Duration left = Duration.between(clock.instant(), end);
    if (left.isNegative() || left.isZero()) {
      until.remove(user, end);
      return Duration.ZERO;
    }
    return left;
  }
}
