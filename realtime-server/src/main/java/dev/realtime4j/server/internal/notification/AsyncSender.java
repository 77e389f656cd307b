package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.notification.IdempotencyConflictException;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.notification.NotificationRepository.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Groups concurrent sends into one commit: up to {@value #BATCH} or {@value #GATHER_MILLIS} ms.
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

  private record Waiting(NewNotification notification, CompletableFuture<Notification> done) {}

  private final NotificationRepository store;
  private final PushOrder order;
  private final BiConsumer<PushOrder.Place, Stored> stored;
  private final Executor completer;
  private final ArrayBlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param stored told of each one that was stored, before its caller is
   * @param completer completes the callers' futures
   */
  AsyncSender(
      NotificationRepository store,
      PushOrder order,
      BiConsumer<PushOrder.Place, Stored> stored,
      Executor completer) {
    this.store = store;
    this.order = order;
    this.stored = stored;
    this.completer = completer;
    this.thread = new Thread(this::run, "realtime-send-1");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
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
      left.done.completeExceptionally(gone);
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
    List<PushOrder.Place> places =
        batch.stream().map(waiting -> order.take(waiting.notification.userId())).toList();
    List<Stored> results;
    try {
      results =
          store.insertAll(
              places.stream().map(PushOrder.Place::id).toList(),
              batch.stream().map(Waiting::notification).toList());
    } catch (Throwable e) {
      places.forEach(PushOrder.Place::failed);
      if (batch.size() > 1 && !isAway(e)) {
        // One of them does not fit the store: the others must not suffer.
        batch.forEach(waiting -> storeAll(List.of(waiting)));
      } else {
        completer.execute(() -> batch.forEach(waiting -> waiting.done.completeExceptionally(e)));
      }
      return;
    }
    for (int i = 0; i < batch.size(); i++) {
      Stored result = results.get(i);
      stored.accept(places.get(i), result);
      CompletableFuture<Notification> done = batch.get(i).done;
      completer.execute(() -> complete(done, result));
    }
  }

  private static boolean isAway(Throwable e) {
    return e instanceof RealtimeException refused && refused.code() == ErrorCode.UNAVAILABLE;
  }

  private static void complete(CompletableFuture<Notification> done, Stored result) {
    if (result.outcome() == Stored.Outcome.CONFLICT) {
      done.completeExceptionally(new IdempotencyConflictException(result.notification().userId()));
    } else {
      done.complete(result.notification());
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(2000);
      thread.interrupt();
      thread.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
