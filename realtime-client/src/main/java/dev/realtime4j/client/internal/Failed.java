package dev.realtime4j.client.internal;

import java.util.concurrent.CompletableFuture;

/** {@code CompletableFuture.failedFuture}, which older phones have not. */
final class Failed {
  private Failed() {}

  static <T> CompletableFuture<T> future(Throwable failure) {
    CompletableFuture<T> future = new CompletableFuture<>();
    future.completeExceptionally(failure);
    return future;
  }
}
