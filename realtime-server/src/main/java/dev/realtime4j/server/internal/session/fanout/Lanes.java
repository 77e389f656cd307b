package dev.realtime4j.server.internal.session.fanout;

import java.util.concurrent.CompletableFuture;

/**
 * The lanes of the transport, as a fan-out needs them: the sockets of one lane are written by one
 * thread.
 */
public interface Lanes {
  /** How many there are. */
  int count();

  /** Runs a task on the thread of a lane, once what waits there has been offered to the sockets. */
  void afterWrites(int lane, Runnable task);

  /**
   * Done when everything that was given to a {@link Fanout} before is in the outboxes. Twice
   * around: a tick that is running now takes what came meanwhile with its next one.
   */
  default CompletableFuture<Void> ticked() {
    return tickedOnce().thenCompose(once -> tickedOnce());
  }

  private CompletableFuture<Void> tickedOnce() {
    CompletableFuture<?>[] passed = new CompletableFuture<?>[count()];
    for (int lane = 0; lane < passed.length; lane++) {
      CompletableFuture<Void> one = new CompletableFuture<>();
      passed[lane] = one;
      afterWrites(lane, () -> one.complete(null));
    }
    return CompletableFuture.allOf(passed);
  }
}
