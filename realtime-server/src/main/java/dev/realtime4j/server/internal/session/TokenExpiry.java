package dev.realtime4j.server.internal.session;

import dev.realtime4j.api.auth.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows the expiry of one socket's token: warns when it comes, ends it when the grace is over.
 *
 * <p>Thread safety: any thread.
 */
final class TokenExpiry {
  /** Longer waits are cut into such pieces: a timer counts nanoseconds in a long. */
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  /** Who holds the token. Called on the timer. */
  interface Holder {
    /** It has expired and may be refreshed for so long. */
    void tokenExpired(Duration grace);

    /** The grace is over. */
    void tokenRunOut();
  }

  private final ScheduledExecutorService timer;
  private final Duration grace;
  private final Holder holder;
  private @Nullable Future<?> next;

  /** Counts tokens: what was due for an earlier one, and waits for the lock, is not done. */
  private int token;

  private boolean stopped;

  TokenExpiry(ScheduledExecutorService timer, Duration grace, Holder holder) {
    this.timer = timer;
    this.grace = grace;
    this.holder = holder;
  }

  /** Begins, or begins again with a new token. */
  synchronized void follow(Principal principal, Instant now) {
    cancel();
    token++;
    Instant expiresAt = principal.expiresAt();
    if (expiresAt != null && !stopped) {
      await(Duration.between(now, expiresAt), token);
    }
  }

  synchronized void stop() {
    stopped = true;
    cancel();
  }

  private void await(Duration left, int of) {
    boolean far = left.compareTo(LONGEST_WAIT) > 0;
    Duration wait = far ? LONGEST_WAIT : left;
    later(wait, () -> passed(left.minus(wait), of));
  }

  private synchronized void passed(Duration left, int of) {
    if (stopped || of != token) {
      return;
    }
    if (left.isNegative() || left.isZero()) {
      later(grace, () -> graceOver(of));
      holder.tokenExpired(grace);
    } else {
      await(left, of);
    }
  }

  private synchronized void graceOver(int of) {
    if (!stopped && of == token) {
      holder.tokenRunOut();
    }
  }

  private void later(Duration wait, Runnable task) {
    next = timer.schedule(task, Math.max(0, wait.toMillis()), TimeUnit.MILLISECONDS);
  }

  private void cancel() {
    if (next != null) {
      next.cancel(false);
      next = null;
    }
  }
}
