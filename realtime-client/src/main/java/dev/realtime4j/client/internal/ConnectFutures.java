package dev.realtime4j.client.internal;

import dev.realtime4j.api.RealtimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Everybody who waits for the connection. Used by the loop only; what hangs on the futures runs on
 * the executor.
 */
final class ConnectFutures {
  private final Executor completions;
  private final List<CompletableFuture<Void>> waiting = new ArrayList<>();

  ConnectFutures(Executor completions) {
    this.completions = completions;
  }

  void add(CompletableFuture<Void> waiter) {
    waiting.removeIf(CompletableFuture::isDone);
    waiting.add(waiter);
  }

  void connected() {
    settle(waiter -> waiter.complete(null));
  }

  void failed(RealtimeException cause) {
    settle(waiter -> waiter.completeExceptionally(cause));
  }

  /** One of them waits no longer. */
  void failed(CompletableFuture<Void> waiter, RealtimeException cause) {
    if (waiting.remove(waiter)) {
      completions.execute(() -> waiter.completeExceptionally(cause));
    }
  }

  static RealtimeException closed() {
    return RealtimeException.unavailable("the client is closed", null);
  }

  private void settle(Consumer<CompletableFuture<Void>> how) {
    List<CompletableFuture<Void>> all = List.copyOf(waiting);
    waiting.clear();
    all.forEach(waiter -> completions.execute(() -> how.accept(waiter)));
  }
}
