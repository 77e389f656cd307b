package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.internal.PrintableFailure;
import dev.realtime4j.server.internal.notification.GroupCommit.Result;
import dev.realtime4j.server.internal.notification.GroupCommit.Waiting;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends that were in one batch with an idempotency key that an open transaction has used. Which of
 * them it is, only trying tells: the batch is halved until it is alone. The others are stored at
 * once; the one is tried again now and then, for {@code patience}, and holds up nobody.
 *
 * <p>Overflow policy: above {@value #MAX_WAITING} the caller is refused.
 *
 * <p>Thread safety: any thread adds; one at a time stores.
 */
final class HeldSends {
  private static final Logger log = LoggerFactory.getLogger(HeldSends.class);
  private static final int MAX_WAITING = 20_000;
  private static final String CLOSED = "the server is closed";
  private static final Duration PAUSE = Duration.ofMillis(250);

  /** The shortest that there is: it was held a moment ago. */
  private static final Duration LOOK = Duration.ofMillis(1);

  private final GroupCommit commit;
  private final Duration wait;
  private final Duration patience;
  private final ScheduledExecutorService threads;
  private final LongSupplier nanoTime;
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

  /** Guarded by this, as are all below. */
  private final Deque<List<Waiting>> groups = new ArrayDeque<>();

  private final Deque<Held> held = new ArrayDeque<>();
  private final Map<UserId, Integer> users = new HashMap<>();
  private final Set<Key> keys = new HashSet<>();
  private int waiting;
  private boolean atWork;
  private boolean alarmed;
  private boolean closed;

  private record Key(UserId user, String key) {
    static @Nullable Key of(Waiting waiting) {
      String key = waiting.notification().idempotencyKey();
      return key == null ? null : new Key(waiting.notification().userId(), key);
    }
  }

  /**
   * @param nextLook by the monotonic clock, as is {@code end}
   */
  private record Held(Waiting waiting, long nextLook, long end) {}

  /**
   * @param wait how long a batch waits for a key
   * @param patience how long one that is held is tried again
   * @param threads of which it takes one
   * @param nanoTime the monotonic clock
   */
  HeldSends(
      GroupCommit commit,
      Duration wait,
      Duration patience,
      ScheduledExecutorService threads,
      LongSupplier nanoTime) {
    this.commit = commit;
    this.wait = wait;
    this.patience = patience;
    this.threads = threads;
    this.nanoTime = nanoTime;
  }

  /**
   * Whether this one has to come here: its key is known to be held, or others for its user, whom it
   * must not overtake, are here and not yet tried.
   */
  synchronized boolean concerns(Waiting waiting) {
    return users.containsKey(waiting.notification().userId()) || isHeld(waiting);
  }

  private boolean isHeld(Waiting waiting) {
    Key key = Key.of(waiting);
    return key != null && keys.contains(key);
  }

  /** Takes over a batch, or tells its callers that it cannot. */
  void add(List<Waiting> batch) {
    if (!batch.isEmpty()) {
      String refusal = offer(batch);
      if (refusal != null) {
        commit.fail(batch, RealtimeException.unavailable(refusal, null));
      }
    }
  }

  private synchronized @Nullable String offer(List<Waiting> batch) {
    if (closed) {
      return CLOSED;
    }
    if (waiting + batch.size() > MAX_WAITING) {
      return MAX_WAITING
          + " notifications wait for idempotency keys that open transactions have used; try again"
          + " later";
    }
    waiting += batch.size();
    batch.forEach(it -> users.merge(it.notification().userId(), 1, Integer::sum));
    groups.addLast(batch);
    begin();
    return null;
  }

  /** There is something to do, and perhaps nobody at it. */
  private synchronized void begin() {
    if (!atWork) {
      atWork = true;
      threads.execute(this::work);
    }
  }

  private void work() {
    Runnable next = next();
    if (next == null) {
      return;
    }
    try {
      next.run();
    } catch (Throwable e) {
      log.error("Storing notifications that were held failed", PrintableFailure.of(e));
    } finally {
      threads.execute(this::work);
    }
  }

  /** What to do next; null when there is nothing now. New ones come before those that are held. */
  private synchronized @Nullable Runnable next() {
    List<Waiting> group = groups.pollFirst();
    if (group != null) {
      return () -> sort(group);
    }
    Held first = closed ? null : held.peekFirst();
    if (first != null) {
      long left = first.nextLook - nanoTime.getAsLong();
      if (left <= 0) {
        held.removeFirst();
        return () -> lookAgain(first);
      }
      lookAfter(left);
    }
    atWork = false;
    if (closed) {
      ended.complete(null);
    }
    return null;
  }

  /** Guarded by this. */
  private void lookAfter(long nanos) {
    if (!alarmed) {
      alarmed = true;
      threads.schedule(this::alarm, nanos, TimeUnit.NANOSECONDS);
    }
  }

  private synchronized void alarm() {
    alarmed = false;
    begin();
  }

  private void sort(List<Waiting> group) {
    List<Waiting> free = new ArrayList<>();
    for (Waiting one : group) {
      boolean isHeld;
      synchronized (this) {
        isHeld = isHeld(one);
      }
      if (isHeld) {
        hold(one);
      } else {
        free.add(one);
      }
    }
    store(free);
  }

  private void store(List<Waiting> some) {
    if (commit.store(some, wait) == Result.DONE) {
      leave(some);
    } else if (some.size() == 1) {
      hold(some.get(0));
    } else {
      int half = some.size() / 2;
      sort(some.subList(0, half));
      sort(some.subList(half, some.size()));
    }
  }

  private synchronized void leave(List<Waiting> some) {
    waiting -= some.size();
    some.forEach(this::release);
  }

  /** It holds up its user's others no longer. */
  private void release(Waiting one) {
    users.computeIfPresent(
        one.notification().userId(), (user, count) -> count == 1 ? null : count - 1);
  }

  private synchronized void hold(Waiting one) {
    release(one);
    keys.add(Objects.requireNonNull(Key.of(one), "only keys are held"));
    long now = nanoTime.getAsLong();
    held.addLast(new Held(one, now + PAUSE.toNanos(), now + patience.toNanos()));
  }

  private void lookAgain(Held one) {
    List<Waiting> alone = List.of(one.waiting);
    if (commit.store(alone, LOOK) == Result.DONE) {
      forget(one);
    } else if (nanoTime.getAsLong() - one.end >= 0) {
      forget(one);
      commit.fail(alone, GroupCommit.held());
    } else {
      synchronized (this) {
        held.addLast(new Held(one.waiting, nanoTime.getAsLong() + PAUSE.toNanos(), one.end));
      }
    }
  }

  private synchronized void forget(Held one) {
    waiting--;
    Key key = Key.of(one.waiting);
    if (held.stream().noneMatch(other -> Objects.equals(Key.of(other.waiting), key))) {
      keys.remove(key);
    }
  }

  private synchronized List<Waiting> rest() {
    closed = true;
    List<Waiting> left = new ArrayList<>();
    groups.forEach(left::addAll);
    held.forEach(one -> left.add(one.waiting));
    groups.clear();
    held.clear();
    return left;
  }

  /** Takes no more; done when what is new was stored. */
  synchronized Future<?> end() {
    if (!closed) {
      closed = true;
      begin();
    }
    return ended;
  }

  /** Fails what is left. */
  void failRest() {
    commit.fail(rest(), RealtimeException.unavailable(CLOSED, null));
  }
}
