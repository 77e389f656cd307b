package dev.realtime4j.testkit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * The one thread that is both the network and the server behind it: what arrives is handled in
 * order, and nothing needs a lock.
 *
 * <p>Thread safety: any thread.
 */
final class Wire {
  private final ExecutorService thread = TestThreads.one("wire");
  private final Executor watched;
  private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);

  Wire(Activity.Part part) {
    this.watched = part.watched(thread);
    run(() -> inside.set(true));
  }

  /** Hands a task over; it is forgotten once the wire is cut. */
  void run(Runnable task) {
    try {
      watched.execute(task);
    } catch (RejectedExecutionException cut) {
      return;
    }
  }

  /** Does a thing on the wire and waits for what comes of it. */
  <T> T ask(Supplier<T> task) {
    if (inside.get()) {
      return task.get(); // a handler of the test's
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    watched.execute(
        () -> {
          try {
            answer.complete(task.get());
          } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
          }
        });
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the server was asked", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("the server failed", e.getCause());
    }
  }

  void cut() {
    thread.shutdown();
  }
}
