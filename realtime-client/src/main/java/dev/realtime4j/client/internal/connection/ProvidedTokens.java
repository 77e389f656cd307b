package dev.realtime4j.client.internal.connection;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.client.TokenProvider;
import dev.realtime4j.client.internal.connection.Effect.TokenStanding;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Asks a provider, which may block, on a thread of the executor. When nobody waits for its answer
 * any more that thread is interrupted; of those that do not end even then there are a few only.
 *
 * <p>Thread safety: any thread.
 */
public final class ProvidedTokens implements TokenSource {
  /** A provider that blocks for ever may have so many threads. */
  public static final int MOST_HANGING = 8;

  private final AtomicInteger hanging = new AtomicInteger();
  private final TokenProvider provider;

  public ProvidedTokens(TokenProvider provider) {
    this.provider = provider;
  }

  @Override
  public CompletableFuture<String> ask(TokenStanding last, Executor executor) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    if (hanging.get() >= MOST_HANGING) {
      answer.completeExceptionally(
          RealtimeException.unavailable(
              "the token provider did not answer the last " + MOST_HANGING + " times", null));
      return answer;
    }
    Asking asking = new Asking();
    answer.whenComplete((token, failure) -> asking.interrupt());
    try {
      executor.execute(() -> ask(last, answer, asking));
    } catch (RejectedExecutionException closed) {
      answer.completeExceptionally(closed);
    }
    return answer;
  }

  private void ask(TokenStanding last, CompletableFuture<String> answer, Asking asking) {
    hanging.incrementAndGet();
    asking.begin();
    String token = null;
    Throwable failure = null;
    try {
      if (last == TokenStanding.REFUSED) {
        provider.refused();
      }
      token = provider.token();
    } catch (Throwable e) {
      failure = e;
    }
    asking.end();
    hanging.decrementAndGet();
    if (failure == null) {
      answer.complete(token);
    } else {
      answer.completeExceptionally(failure);
    }
  }

  /** The thread that is with the provider, while it is. */
  private static final class Asking {
    private @Nullable Thread thread;

    synchronized void begin() {
      thread = Thread.currentThread();
    }

    /** An interrupt that came too late must not reach what the thread does next. */
    synchronized void end() {
      thread = null;
      Thread.interrupted();
    }

    synchronized void interrupt() {
      if (thread != null) {
        thread.interrupt();
      }
    }
  }
}
