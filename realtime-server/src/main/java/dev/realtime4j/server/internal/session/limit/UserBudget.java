package dev.realtime4j.server.internal.session.limit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one user may send to this node: shares, of which each socket holds one, up to a bound;
 * further sockets join those that are there. A share outlives its socket, and the next socket goes
 * on with it: who comes again does not begin anew. What was refused is counted for the user.
 *
 * <p>Thread safety: any thread.
 */
public final class UserBudget {
  /** Who has this many bursts refused within one memory of them is too loud. */
  private static final int REFUSED_BURSTS = 5;

  /** After so long within the limit, refusals are forgotten. */
  private static final long REFUSALS_FORGOTTEN = Duration.ofSeconds(10).toNanos();

  private final int perSecond;
  private final int burst;
  private final int bytesPerSecond;
  private final int most;
  private final LongSupplier nanoTime;

  /** Those that were left last are at the end. */
  private final List<Share> shares = new ArrayList<>(1);

  private long refused;
  private long lastRefused;

  /**
   * @param perSecond messages of a share
   * @param burst how many at once after a pause
   * @param bytesPerSecond of those messages
   * @param most how many shares
   * @param nanoTime the monotonic clock
   */
  public UserBudget(int perSecond, int burst, int bytesPerSecond, int most, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.bytesPerSecond = bytesPerSecond;
    this.most = most;
    this.nanoTime = nanoTime;
  }

  /** As many seconds' worth as of messages. */
  private int bytesAtOnce() {
    return (int) Math.min(Integer.MAX_VALUE, (long) bytesPerSecond * burst / perSecond);
  }

  /** For a socket that opens. */
  public synchronized Share open() {
    Share share = free();
    if (share == null && shares.size() < most) {
      share = new Share(nanoTime.getAsLong());
      shares.add(share);
    }
    if (share == null) {
      share = leastHeld();
    }
    share.holders++;
    return share;
  }

  /** The one that was left last: who closes and opens one socket is given the same again. */
  private @Nullable Share free() {
    for (int i = shares.size() - 1; i >= 0; i--) {
      if (shares.get(i).holders == 0) {
        return shares.get(i);
      }
    }
    return null;
  }

  private Share leastHeld() {
    Share least = shares.get(0);
    for (Share share : shares) {
      least = share.holders < least.holders ? share : least;
    }
    return least;
  }

  /** Whether it can be forgotten: nobody holds it, and all that was spent has come again. */
  synchronized boolean isIdle() {
    long nanos = nanoTime.getAsLong();
    if (refused > 0 && nanos - lastRefused <= REFUSALS_FORGOTTEN) {
      return false;
    }
    for (Share share : shares) {
      if (share.holders > 0 || !share.isFull(nanos)) {
        return false;
      }
    }
    return true;
  }

  private synchronized boolean refuse() {
    long nanos = nanoTime.getAsLong();
    if (nanos - lastRefused > REFUSALS_FORGOTTEN) {
      refused = 0;
    }
    lastRefused = nanos;
    return ++refused > (long) REFUSED_BURSTS * burst;
  }

  private synchronized void leave(Share share) {
    share.holders--;
    if (share.holders == 0 && shares.remove(share)) {
      shares.add(share);
    }
  }

  /** What one socket, or several of the user, send from. */
  public final class Share {
    private final TokenBucket limiter;
    private final TokenBucket bytes;

    /** Guarded by the budget. */
    private int holders;

    Share(long nanos) {
      this.limiter = new TokenBucket(perSecond, burst, nanos);
      this.bytes = new TokenBucket(bytesPerSecond, bytesAtOnce(), nanos);
    }

    /** Whether one more message may pass. */
    public boolean tryPass() {
      return limiter.tryPass(nanoTime.getAsLong());
    }

    /**
     * Whether a message that has passed may cost so many more: all of them or none, and never more
     * than a full budget has.
     */
    public boolean trySpend(int more) {
      return limiter.tryPass(Math.min(more, burst - 1), nanoTime.getAsLong());
    }

    /**
     * So many bytes have come, and count in any case.
     *
     * @return how long no more should be read, in nanoseconds; 0 when they were there
     */
    public long spendBytes(int count) {
      return bytes.spend(count, nanoTime.getAsLong());
    }

    private boolean isFull(long nanos) {
      return limiter.isFull(nanos) && bytes.isFull(nanos);
    }

    /** How long until a message may pass and spend so many more. */
    public long waitMillis(int more) {
      return limiter.waitMillis(Math.min(1 + more, burst));
    }

    /** A message was refused; true when the user has had too many refused by now. */
    public boolean refuse() {
      return UserBudget.this.refuse();
    }

    /** The socket is gone; called once. */
    public void leave() {
      UserBudget.this.leave(this);
    }
  }
}
