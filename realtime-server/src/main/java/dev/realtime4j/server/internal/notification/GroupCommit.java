package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.notification.IdempotencyConflictException;
import dev.realtime4j.api.notification.IdempotencyKeyHeldException;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationStore;
import dev.realtime4j.api.notification.NotificationStore.Stored;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/**
 * Stores sends of many callers in one transaction, and tells each of them what became of its own.
 *
 * <p>Thread safety: any thread.
 */
final class GroupCommit {
  private final NotificationStore store;
  private final StoreClock clock;
  private final PushSequencer order;
  private final BiConsumer<PushSequencer.Ticket, Stored> stored;
  private final Executor completer;

  /**
   * @param stored told of each one that was stored, before its caller is
   * @param completer completes the callers' futures
   */
  GroupCommit(
      NotificationStore store,
      StoreClock clock,
      PushSequencer order,
      BiConsumer<PushSequencer.Ticket, Stored> stored,
      Executor completer) {
    this.store = store;
    this.clock = clock;
    this.order = order;
    this.stored = stored;
    this.completer = completer;
  }

  /** One send, and who waits for it. */
  record Waiting(NewNotification notification, CompletableFuture<Notification> done) {
    boolean hasKey() {
      return notification.idempotencyKey() != null;
    }
  }

  /** What became of a batch. */
  enum Result {
    /** Each caller was or will be told. */
    DONE,
    /** Nothing was stored and nobody told: a key of one of them is held by an open transaction. */
    HELD
  }

  /**
   * Stores them in their order.
   *
   * @param wait for an idempotency key that an open transaction has used at most so long
   */
  Result store(List<Waiting> batch, Duration wait) {
    if (batch.isEmpty()) {
      return Result.DONE;
    }
    List<PushSequencer.Ticket> tickets = List.of();
    List<Stored> results;
    try {
      clock.prepare();
      tickets = batch.stream().map(waiting -> order.take(waiting.notification.userId())).toList();
      results =
          store.insertAll(
              tickets.stream().map(PushSequencer.Ticket::id).toList(),
              batch.stream().map(Waiting::notification).toList(),
              wait);
    } catch (Throwable e) {
      tickets.forEach(PushSequencer.Ticket::failed);
      return e instanceof IdempotencyKeyHeldException ? Result.HELD : failed(batch, wait, e);
    }
    for (int i = 0; i < batch.size(); i++) {
      Stored result = results.get(i);
      stored.accept(tickets.get(i), result);
      CompletableFuture<Notification> done = batch.get(i).done;
      completer.execute(() -> complete(done, result));
    }
    return Result.DONE;
  }

  private Result failed(List<Waiting> batch, Duration wait, Throwable e) {
    if (batch.size() == 1 || isUnavailable(e)) {
      fail(batch, e);
      return Result.DONE;
    }
    // One of them does not fit the store: the others must not suffer.
    for (Waiting waiting : batch) {
      List<Waiting> alone = List.of(waiting);
      if (store(alone, wait) == Result.HELD) {
        fail(alone, held());
      }
    }
    return Result.DONE;
  }

  private static boolean isUnavailable(Throwable e) {
    return e instanceof RealtimeException refused && refused.code() == ErrorCode.UNAVAILABLE;
  }

  /** What a caller is told whose key was held for too long. */
  static RealtimeException held() {
    return new IdempotencyKeyHeldException(
        "another transaction that is still open has used the idempotency key; nothing was stored:"
            + " send again with the same key when that one has ended",
        null);
  }

  /** Tells all of them. */
  void fail(List<Waiting> batch, Throwable e) {
    completer.execute(() -> batch.forEach(waiting -> waiting.done.completeExceptionally(e)));
  }

  private static void complete(CompletableFuture<Notification> done, Stored result) {
    if (result.outcome() == Stored.Outcome.CONFLICT) {
      done.completeExceptionally(new IdempotencyConflictException(result.notification().userId()));
    } else {
      done.complete(result.notification());
    }
  }
}
