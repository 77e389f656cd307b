package dev.realtime4j.client.internal;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.client.TokenProvider;
import dev.realtime4j.client.internal.Effect.TokenStanding;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Asks the application for tokens, off the loop, and answers on the loop within a bounded time. */
final class Tokens {
  /** Told once: a token or a failure. */
  @FunctionalInterface
  interface Answer {
    void take(@Nullable String token, @Nullable Throwable failure);
  }

  private final Loop loop;
  private final Executor executor;
  private final TokenProvider provider;
  private final Duration timeout;

  Tokens(Loop loop, Executor executor, TokenProvider provider, Duration timeout) {
    this.loop = loop;
    this.executor = executor;
    this.provider = provider;
    this.timeout = timeout;
  }

  void next(TokenStanding standing, Answer answer) {
    AtomicBoolean told = new AtomicBoolean();
    Answer once =
        (token, failure) -> {
          if (told.compareAndSet(false, true)) {
            loop.execute(() -> answer.take(token, failure));
          }
        };
    Loop.Timer timer =
        loop.after(
            timeout,
            () ->
                once.take(
                    null,
                    RealtimeException.unavailable("the token provider did not answer", null)));
    try {
      executor.execute(() -> ask(standing, timer, once));
    } catch (RejectedExecutionException closed) {
      once.take(null, closed);
    }
  }

  private void ask(TokenStanding standing, Loop.Timer timer, Answer answer) {
    try {
      if (standing == TokenStanding.REFUSED) {
        provider.refused();
      }
      provider
          .token()
          .whenComplete(
              (token, failure) -> {
                timer.cancel();
                if (failure != null || isHeaderValue(token)) {
                  answer.take(token, failure);
                } else {
                  answer.take(null, RealtimeException.badRequest("what was provided is no token"));
                }
              });
    } catch (Throwable e) {
      timer.cancel();
      answer.take(null, e);
    }
  }

  /** A token goes into a header field: a line end in it would begin another one. */
  private static boolean isHeaderValue(@Nullable String token) {
    return token != null && !token.isEmpty() && token.chars().allMatch(c -> c > ' ' && c <= '~');
  }
}
