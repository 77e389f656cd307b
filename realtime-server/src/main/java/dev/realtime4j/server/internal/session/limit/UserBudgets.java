package dev.realtime4j.server.internal.session.limit;

import dev.realtime4j.api.UserId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What the users of this node may still send: of those with a socket, and for a little while of
 * those who had one.
 *
 * <p>Thread safety: any thread.
 */
public final class UserBudgets {
  /** Below this many nobody looks for idle ones. */
  private static final int FEW = 1000;

  private final SessionLimits limits;
  private final LongSupplier nanoTime;
  private final ConcurrentHashMap<UserId, UserBudget> byUser = new ConcurrentHashMap<>();

  /** Above it, idle ones are forgotten; then it is twice of what is left. */
  private volatile int sweepAbove = FEW;

  /**
   * @param limits what a user may send
   * @param nanoTime the monotonic clock
   */
  public UserBudgets(SessionLimits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
  }

  /** A share for a socket that opens; {@link UserBudget.Share#leave} gives it back. */
  public UserBudget.Share open(UserId user) {
    UserBudget.Share[] share = new UserBudget.Share[1];
    byUser.compute(
        user,
        (same, known) -> {
          UserBudget budget =
              known != null
                  ? known
                  : new UserBudget(
                      limits.messages().perSecond(),
                      limits.messages().burst(),
                      limits.messages().bytesPerSecond(),
                      limits.messages().budgetsPerUser(),
                      nanoTime);
          share[0] = budget.open();
          return budget;
        });
    if (byUser.size() > sweepAbove) {
      sweep();
    }
    return share[0];
  }

  /** Key by key: a budget that is opened meanwhile is not idle any more. */
  private void sweep() {
    byUser
        .keySet()
        .forEach(
            user ->
                byUser.computeIfPresent(user, (same, budget) -> budget.isIdle() ? null : budget));
    sweepAbove = Math.max(FEW, 2 * byUser.size());
  }

  /** How many are remembered. */
  int size() {
    return byUser.size();
  }
}
