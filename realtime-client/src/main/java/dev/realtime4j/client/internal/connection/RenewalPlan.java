package dev.realtime4j.client.internal.connection;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When the token of one connection is renewed. However wrong the clock of this machine is, and
 * however often the provider gives the same token again, no storm comes of it.
 *
 * <p>Used by the loop only.
 */
public final class RenewalPlan {
  static final Duration MOST_AHEAD = Duration.ofSeconds(60);
  static final Duration LEAST = Duration.ofSeconds(1);

  /** Not more often than so many times in the longest life of a token that was seen. */
  private static final int TIMES_A_LIFE = 20;

  /** What comes sooner is suspect where only our own clock says so. */
  private static final Duration SOON = Duration.ofSeconds(30);

  private static final int MOST_DOUBLINGS = 8;

  private Duration longest = Duration.ZERO;
  private int soonInARow;

  /**
   * How long to wait after a token was taken.
   *
   * @return null for not at all: it has no end, or our clock is past its end, so that it is wrong,
   *     as the server took the token a moment ago; the server will tell of the end
   */
  @Nullable Duration next(TokenExpiry end, Instant ownTime) {
    Duration left = end.left(ownTime);
    if (left == null) {
      return null;
    }
    if (end.isByServersClock()) {
      longest = left.compareTo(longest) > 0 ? left : longest;
      return longer(lead(left), longest.dividedBy(TIMES_A_LIFE));
    }
    if (left.isZero() || left.isNegative()) {
      return null;
    }
    Duration wait = lead(left);
    if (wait.compareTo(SOON) >= 0) {
      soonInARow = 0;
      return wait;
    }
    return longer(wait, LEAST.multipliedBy(1L << Math.min(soonInARow++, MOST_DOUBLINGS)));
  }

  /** How long to wait: to a fifth of its life before its end, to a minute before at most. */
  public static Duration lead(Duration left) {
    Duration ahead = left.dividedBy(5);
    return longer(left.minus(ahead.compareTo(MOST_AHEAD) > 0 ? MOST_AHEAD : ahead), LEAST);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
