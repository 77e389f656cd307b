package dev.realtime4j.client.internal.connection;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.client.internal.connection.Effect.TokenStanding;
import dev.realtime4j.client.internal.loop.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Asks the application for tokens, off the loop, one at a time, and answers on the loop within a
 * bounded time. Who asks while one is being asked for gets the same answer; unless the server has
 * refused a token since: then the provider is told so and asked once more.
 *
 * <p>Used by the loop only.
 */
public final class Tokens {
  /** Told once: a token or a failure. */
  @FunctionalInterface
  public interface Answer {
    void take(@Nullable String token, @Nullable Throwable failure);
  }

  private final Loop loop;
  private final Executor executor;
  private final TokenSource source;
  private final Duration timeout;
  private final List<Answer> afterRefusal = new ArrayList<>();
  private @Nullable Request underWay;

  public Tokens(Loop loop, Executor executor, TokenSource source, Duration timeout) {
    this.loop = loop;
    this.executor = executor;
    this.source = source;
    this.timeout = timeout;
  }

  public void next(TokenStanding standing, Answer answer) {
    if (underWay == null) {
      begin(standing, List.of(answer));
    } else if (standing == TokenStanding.GOOD || underWay.standing == TokenStanding.REFUSED) {
      underWay.answers.add(answer);
    } else {
      afterRefusal.add(answer);
    }
  }

  private void begin(TokenStanding standing, List<Answer> answers) {
    Request request = new Request(standing, answers);
    underWay = request;
    request.timer =
        loop.after(
            timeout,
            () ->
                request.finish(
                    null,
                    RealtimeException.unavailable("the token provider did not answer", null)));
    request.ask();
  }

  /** One question to the provider, and everybody who waits for its answer. */
  private final class Request {
    final TokenStanding standing;
    final List<Answer> answers;
    private CompletableFuture<String> answer = new CompletableFuture<>();
    Loop.Timer timer = Loop.Timer.NONE;

    Request(TokenStanding standing, List<Answer> answers) {
      this.standing = standing;
      this.answers = new ArrayList<>(answers);
    }

    void ask() {
      answer = source.ask(standing, executor);
      answer.whenComplete((token, failure) -> answered(token, failure));
    }

    private void answered(@Nullable String token, @Nullable Throwable failure) {
      loop.execute(
          () -> {
            String flaw = failure == null ? HeaderText.flawOfToken(token) : null;
            if (flaw == null) {
              finish(token, failure);
            } else {
              finish(
                  null,
                  RealtimeException.badRequest(
                      "what the token provider gave is no token: " + flaw));
            }
          });
    }

    /** Whatever comes first; on the loop. */
    void finish(@Nullable String token, @Nullable Throwable failure) {
      if (underWay != this) {
        return;
      }
      timer.cancel();
      answer.cancel(true); // nobody waits for it any more
      underWay = null;
      if (!afterRefusal.isEmpty()) {
        List<Answer> waiting = List.copyOf(afterRefusal);
        afterRefusal.clear();
        begin(TokenStanding.REFUSED, waiting);
      }
      answers.forEach(answer -> answer.take(token, failure));
    }
  }
}
