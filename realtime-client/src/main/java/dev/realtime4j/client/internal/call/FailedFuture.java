package dev.realtime4j.client.internal.call;

import java.util.concurrent.CompletableFuture;

/** {@code CompletableFuture.failedFuture}, which older phones have not. */
public final class FailedFuture {
  private FailedFuture() {}

  public static <T> CompletableFuture<T> future(Throwable failure) {
    CompletableFuture<T> future = new CompletableFuture<>();
    future.completeExceptionally(failure);
    return future;
  }
}
