package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Groups concurrent sends into one commit: up to {@value #BATCH} or {@value #GATHER_MILLIS} ms.
 *
 * <p>An idempotency key that an open transaction has used would make everybody wait for that one:
 * whose batch meets one is set aside after {@link #WAIT}, and sorted out by {@link HeldSends}.
 *
 * <p>Overflow policy: above {@value #MAX_WAITING} waiting sends the caller is refused.
 *
 * <p>Thread safety: any thread sends; one thread of its own stores. {@link #close} stores what
 * waits, for at most two seconds, and fails the rest.
 */
final class AsyncSender implements AutoCloseable {
  private static final int BATCH = 500;
  private static final int GATHER_MILLIS = 5;
  private static final int MAX_WAITING = 20_000;

  /** Longer than a transaction of our own takes, and too short for a caller to feel it. */
  private static final Duration WAIT = Duration.ofMillis(20);

  private final GroupCommit commit;
  private final HeldSends aside;
  private final ArrayBlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param patience how long a send waits for an open transaction that has used its key
   */
  AsyncSender(GroupCommit commit, Duration patience) {
    this.commit = commit;
    this.aside = new HeldSends(commit, WAIT, patience);
    this.thread = new Thread(this::run, "realtime-send-1");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
    aside.start();
  }

  CompletableFuture<Notification> send(NewNotification notification) {
    CompletableFuture<Notification> done = new CompletableFuture<>();
    if (closed || !queue.offer(new Waiting(notification, done))) {
      done.completeExceptionally(
          RealtimeException.unavailable(
              closed
                  ? "the server is closed"
                  : MAX_WAITING + " notifications are waiting to be stored; try again later",
              null));
    }
    return done;
  }

  private void run() {
    List<Waiting> batch = new ArrayList<>(BATCH);
    while (!closed || !queue.isEmpty()) {
      try {
        gather(batch);
      } catch (InterruptedException e) {
        break;
      }
      if (!batch.isEmpty()) {
        storeAll(List.copyOf(batch));
        batch.clear();
      }
    }
    RealtimeException gone = RealtimeException.unavailable("the server is closed", null);
    for (Waiting left = queue.poll(); left != null; left = queue.poll()) {
      left.done().completeExceptionally(gone);
    }
  }

  private void gather(List<Waiting> batch) throws InterruptedException {
    Waiting first = queue.poll(100, TimeUnit.MILLISECONDS);
    if (first == null) {
      return;
    }
    batch.add(first);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GATHER_MILLIS);
    while (batch.size() < BATCH) {
      if (queue.drainTo(batch, BATCH - batch.size()) == 0) {
        Waiting next = queue.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (next == null) {
          return;
        }
        batch.add(next);
      }
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
      thread.join(2000);
      thread.interrupt();
      thread.join(1000);
      aside.end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
