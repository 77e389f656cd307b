package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.server.internal.session.call.Answer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The calls of one socket that go to the store: one after the other, in their order. What fails
 * holds up nothing that follows.
 *
 * <p>Thread safety: any thread.
 */
final class CallChain {
  /** Calls of one socket that wait; further ones are refused. */
  private static final int MOST = 100;

  private CompletableFuture<?> last = CompletableFuture.completedFuture(null);
  private int waiting;

  /** Begins a call once those before it have ended. */
  CompletableFuture<Answer> add(Supplier<CompletableFuture<Answer>> call) {
    CompletableFuture<Answer> next;
    synchronized (this) {
      if (waiting == MOST) {
        return CompletableFuture.failedFuture(
            RealtimeException.unavailable(
                "too many calls of this socket wait for the store", null));
      }
      waiting++;
      next = last.handle((answer, failure) -> call).thenCompose(Supplier::get);
      last = next;
    }
    next.whenComplete((answer, failure) -> ended());
    return next;
  }

  private synchronized void ended() {
    waiting--;
  }
}
