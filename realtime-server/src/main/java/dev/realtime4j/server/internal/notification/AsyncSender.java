package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.internal.PrintableFailure;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.environment.ServerThreads;
import dev.realtime4j.server.internal.notification.GroupCommit.Result;
import dev.realtime4j.server.internal.notification.GroupCommit.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Groups concurrent sends into one commit: up to {@value #BATCH} or {@value #GATHER_MILLIS} ms.
 *
 * <p>An idempotency key that an open transaction has used would make everybody wait for that one:
 * whose batch meets one is set aside after {@link #WAIT}, and sorted out by {@link HeldSends}.
 *
 * <p>Overflow policy: above {@value #MAX_WAITING} waiting sends the caller is refused.
 *
 * <p>Thread safety: any thread sends; one at a time stores, on threads of its own. {@link #close}
 * stores what waits, for at most two seconds, and fails the rest.
 */
final class AsyncSender implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AsyncSender.class);
  private static final int BATCH = 500;
  private static final int GATHER_MILLIS = 5;
  private static final int MAX_WAITING = 20_000;

  /** Longer than a transaction of our own takes, and too short for a caller to feel it. */
  private static final Duration WAIT = Duration.ofMillis(20);

  private final GroupCommit commit;
  private final HeldSends aside;
  private final ArrayBlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(MAX_WAITING);
  private final ServerThreads waits;

  /** One for each of the two that store here. */
  private final ScheduledExecutorService threads;

  /** Whether one gathers or stores; the others leave it to that one. */
  private final AtomicBoolean atWork = new AtomicBoolean();

  private final CompletableFuture<@Nullable Void> drained = new CompletableFuture<>();
  private volatile boolean started;
  private volatile boolean closed;

  /**
   * @param patience how long a send waits for an open transaction that has used its key
   */
  AsyncSender(GroupCommit commit, Duration patience, ServerEnvironment environment) {
    this.commit = commit;
    this.waits = environment.threads();
    this.threads = waits.timer("send", 2);
    this.aside = new HeldSends(commit, WAIT, patience, threads, environment.nanoTime());
  }

  /** What was sent before is stored now. */
  void start() {
    started = true;
    if (!queue.isEmpty()) {
      gather();
    }
  }

  CompletableFuture<Notification> send(NewNotification notification) {
    CompletableFuture<Notification> done = new CompletableFuture<>();
    if (!closed && queue.offer(new Waiting(notification, done))) {
      gather();
    } else {
      done.completeExceptionally(
          RealtimeException.unavailable(
              closed
                  ? "the server is closed"
                  : MAX_WAITING + " notifications are waiting to be stored; try again later",
              null));
    }
    return done;
  }

  /** Others have a moment to join, before one stores them all. */
  private void gather() {
    if (started && !atWork.get() && atWork.compareAndSet(false, true)) {
      later(GATHER_MILLIS);
    }
  }

  private void later(int millis) {
    try {
      threads.schedule(this::storeNext, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      failRest(); // Whoever closed it has not seen this one.
    }
  }

  private void storeNext() {
    try {
      List<Waiting> batch = new ArrayList<>(BATCH);
      queue.drainTo(batch, BATCH);
      storeAll(batch);
    } catch (Throwable e) {
      log.error("Storing notifications failed", PrintableFailure.of(e));
    } finally {
      goOn();
    }
  }

  private void goOn() {
    if (closed ? !queue.isEmpty() : queue.size() >= BATCH) {
      later(0);
      return;
    }
    atWork.set(false);
    if (closed) {
      drained.complete(null);
    } else if (!queue.isEmpty()) {
      gather();
    }
  }

  private void failRest() {
    RealtimeException gone = RealtimeException.unavailable("the server is closed", null);
    for (Waiting left = queue.poll(); left != null; left = queue.poll()) {
      left.done().completeExceptionally(gone);
    }
  }

  private void storeAll(List<Waiting> batch) {
    List<Waiting> mine = setAside(batch, aside::concerns);
    if (commit.store(mine, WAIT) == Result.HELD) {
      // Whoever has no key in it can wait for nobody, nor be overtaken by one that does.
      Set<UserId> withKey = new HashSet<>();
      mine.stream().filter(Waiting::hasKey).forEach(it -> withKey.add(it.notification().userId()));
      commit.store(setAside(mine, it -> withKey.contains(it.notification().userId())), WAIT);
    }
  }

  /** Those that stay. */
  private List<Waiting> setAside(List<Waiting> batch, Predicate<Waiting> isAside) {
    Map<Boolean, List<Waiting>> sorted = batch.stream().collect(Collectors.partitioningBy(isAside));
    aside.add(sorted.getOrDefault(true, List.of()));
    return sorted.getOrDefault(false, List.of());
  }

  @Override
  public void close() {
    closed = true;
    try {
      if (started) {
        if (atWork.compareAndSet(false, true)) {
          later(0);
        }
        waits.await(drained, Duration.ofSeconds(2));
        waits.await(aside.end(), Duration.ofSeconds(2));
      }
      threads.shutdownNow();
      if (!threads.awaitTermination(1, TimeUnit.SECONDS)) {
        log.warn("Notifications are still being stored; whether they were is not known");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    failRest();
    aside.failRest();
  }
}
