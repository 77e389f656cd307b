package dev.realtime4j.client.internal.connection;

import dev.realtime4j.client.internal.connection.Effect.TokenStanding;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Where tokens come from: the application, asked without making the loop wait. */
@FunctionalInterface
public interface TokenSource {
  /**
   * Asks for a token; returns at once.
   *
   * @param last how the last token did
   * @param executor for what blocks
   * @return the token, or why there is none; who cancels it does not wait any longer
   */
  CompletableFuture<String> ask(TokenStanding last, Executor executor);
}
