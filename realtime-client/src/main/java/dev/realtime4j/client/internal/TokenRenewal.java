package dev.realtime4j.client.internal;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.client.internal.Effect.TokenStanding;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection's token fresh: ahead of its expiry, and when the server says it expired. One
 * renewal at a time.
 *
 * <p>Used by the loop only; dropped with its connection.
 */
final class TokenRenewal {
  static final Duration MOST_AHEAD = Duration.ofSeconds(60);
  static final Duration RETRY = Duration.ofSeconds(5);
  private static final Duration LEAST = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(TokenRenewal.class);

  private final Loop loop;
  private final Calls calls;
  private final Tokens tokens;
  private final Consumer<Loss> end;
  private Loop.Timer timer = Loop.Timer.NONE;
  private boolean renewing;
  private boolean dropped;

  /**
   * @param end ends the connection, when the application will not give a token any more
   */
  TokenRenewal(Loop loop, Calls calls, Tokens tokens, Consumer<Loss> end) {
    this.loop = loop;
    this.calls = calls;
    this.tokens = tokens;
    this.end = end;
  }

  /**
   * The token is good until then; null for ever. An end that this clock has passed already says
   * that the clock is wrong, as the server took the token a moment ago: the server will tell of the
   * end.
   */
  void expires(@Nullable Instant at) {
    timer.cancel();
    if (at != null && at.isAfter(loop.now()) && !dropped) {
      timer = loop.after(lead(Duration.between(loop.now(), at)), () -> renew(TokenStanding.GOOD));
    }
  }

  /** The server says that it expired. */
  void expired() {
    renew(TokenStanding.REFUSED);
  }

  void drop() {
    dropped = true;
    timer.cancel();
  }

  /** How long to wait: to a fifth of its life before its end, to a minute before at most. */
  static Duration lead(Duration left) {
    Duration ahead = left.dividedBy(5);
    Duration wait = left.minus(ahead.compareTo(MOST_AHEAD) > 0 ? MOST_AHEAD : ahead);
    return wait.compareTo(LEAST) < 0 ? LEAST : wait;
  }

  private void renew(TokenStanding standing) {
    if (renewing || dropped) {
      return;
    }
    renewing = true;
    timer.cancel();
    tokens.next(standing, this::send);
  }

  private void send(@Nullable String token, @Nullable Throwable failure) {
    if (dropped) {
      return;
    }
    Loss loss = Loss.noToken(failure);
    if (token == null && loss.next() == Loss.Next.GIVE_UP) {
      end.accept(loss);
      return;
    }
    if (token == null) {
      LOG.warn("The token provider failed; it is asked again", failure);
      again(TokenStanding.GOOD);
      return;
    }
    Call<@Nullable Instant> call =
        new Call<>(
            Call.Owner.CONNECTION,
            "auth.refresh",
            Json.object("token", token),
            result -> Welcome.time(result.fields().getOrDefault("token_expires_at", Json.NULL)));
    BiConsumer<@Nullable Instant, @Nullable Throwable> answer = this::answered;
    call.future.whenComplete(answer);
    calls.callFirst(call);
  }

  private void answered(@Nullable Instant expiresAt, @Nullable Throwable failure) {
    if (dropped) {
      return;
    }
    if (failure == null) {
      renewing = false;
      expires(expiresAt);
    } else {
      boolean refused =
          failure instanceof RealtimeException refusal && refusal.code() == ErrorCode.UNAUTHORIZED;
      LOG.warn("The token was not refreshed: {}", failure.getMessage());
      again(refused ? TokenStanding.REFUSED : TokenStanding.GOOD);
    }
  }

  /** Until it works, or the server closes the connection and a new one needs a new token anyway. */
  private void again(TokenStanding standing) {
    timer =
        loop.after(
            RETRY,
            () -> {
              renewing = false;
              renew(standing);
            });
  }
}
