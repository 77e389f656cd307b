package dev.realtime4j.server.internal.ban;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.BanStore.Ban;
import dev.realtime4j.api.cluster.BanStore.Reach;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Users who may not connect for a while, as far as this node knows.
 *
 * <p>Thread safety: any thread.
 */
final class Bans {
  /** Below this many nobody looks for ended bans. */
  private static final int FEW = 1000;

  private final InstantSource clock;
  private final ConcurrentHashMap<UserId, Ban> byUser = new ConcurrentHashMap<>();

  /** Above it, ended bans are forgotten; then it is twice of what is left. */
  private volatile int sweepAbove = FEW;

  /**
   * @param clock the time
   */
  Bans(InstantSource clock) {
    this.clock = clock;
  }

  /** Keeps a user out until the ban's end, or a later one that is known already. */
  void add(Ban ban) {
    byUser.merge(ban.user(), ban, Bans::both);
    if (byUser.size() > sweepAbove) {
      Instant now = clock.instant();
      byUser.values().removeIf(known -> !known.until().isAfter(now));
      sweepAbove = Math.max(FEW, 2 * byUser.size());
    }
  }

  /** The later end and the wider reach: for a user who is banned twice neither is too little. */
  private static Ban both(Ban one, Ban another) {
    Instant until = one.until().isAfter(another.until()) ? one.until() : another.until();
    boolean all = one.reach() == Reach.ALL_SOCKETS || another.reach() == Reach.ALL_SOCKETS;
    return new Ban(one.user(), until, all ? Reach.ALL_SOCKETS : Reach.NEW_SOCKETS);
  }

  /** The bans that have not ended. */
  List<Ban> active() {
    Instant now = clock.instant();
    return byUser.values().stream().filter(ban -> ban.until().isAfter(now)).toList();
  }

  /** How long the user is still refused; zero when they are not. */
  Duration remaining(UserId user) {
    Ban ban = byUser.get(user);
    if (ban == null) {
      return Duration.ZERO;
    }
    Duration left = Duration.between(clock.instant(), ban.until());
    if (left.isNegative() || left.isZero()) {
      byUser.remove(user, ban);
      return Duration.ZERO;
    }
    return left;
  }
}
