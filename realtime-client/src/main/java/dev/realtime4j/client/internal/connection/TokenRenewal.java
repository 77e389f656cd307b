package dev.realtime4j.client.internal.connection;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.internal.Printable;
import dev.realtime4j.client.internal.call.Call;
import dev.realtime4j.client.internal.call.Calls;
import dev.realtime4j.client.internal.connection.Effect.TokenStanding;
import dev.realtime4j.client.internal.loop.Loop;
import java.time.Duration;
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
public final class TokenRenewal {
  public static final Duration RETRY = Duration.ofSeconds(5);
  static final Duration LAST_RETRY = Duration.ofSeconds(60);

  private static final Logger log = LoggerFactory.getLogger(TokenRenewal.class);

  private final Loop loop;
  private final Calls calls;
  private final Tokens tokens;
  private final Consumer<DisconnectReason> end;
  private final RenewalPlan plan = new RenewalPlan();
  private Loop.Timer timer = Loop.Timer.NONE;
  private Duration retry = RETRY;
  private boolean renewing;
  private boolean retrying;
  private boolean dropped;

  /**
   * @param end ends the connection, when the application will not give a token any more
   */
  public TokenRenewal(Loop loop, Calls calls, Tokens tokens, Consumer<DisconnectReason> end) {
    this.loop = loop;
    this.calls = calls;
    this.tokens = tokens;
    this.end = end;
  }

  /** The server took a token. */
  public void taken(TokenExpiry end) {
    timer.cancel();
    retry = RETRY;
    Duration wait = plan.next(end, loop.now());
    if (wait != null && !dropped) {
      timer = loop.after(wait, () -> renew(TokenStanding.GOOD));
    }
  }

  /** The server says that it expired, and waits for another one for a short time only. */
  public void expired() {
    retry = RETRY;
    if (retrying) {
      retrying = false;
      renewing = false;
    }
    renew(TokenStanding.REFUSED);
  }

  public void drop() {
    dropped = true;
    timer.cancel();
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
    DisconnectReason loss = DisconnectReason.noToken(failure);
    if (token == null && loss.next() == DisconnectReason.Next.GIVE_UP) {
      end.accept(loss);
      return;
    }
    if (token == null) {
      log.warn("The token provider failed; it is asked again", failure);
      again(TokenStanding.GOOD);
      return;
    }
    Call<TokenExpiry> call =
        new Call<>(
            Call.Owner.CONNECTION,
            "auth.refresh",
            Json.object("token", token),
            result -> TokenExpiry.read(result.fields()));
    BiConsumer<@Nullable TokenExpiry, @Nullable Throwable> answer = this::answered;
    call.future.whenComplete(answer);
    calls.callFirst(call);
  }

  private void answered(@Nullable TokenExpiry end, @Nullable Throwable failure) {
    if (dropped) {
      return;
    }
    if (failure == null) {
      renewing = false;
      taken(end == null ? TokenExpiry.NONE : end);
    } else {
      boolean refused =
          failure instanceof RealtimeException refusal && refusal.code() == ErrorCode.UNAUTHORIZED;
      log.warn("The token was not refreshed: {}", Printable.of(failure.getMessage()));
      again(refused ? TokenStanding.REFUSED : TokenStanding.GOOD);
    }
  }

  /** Until it works, or the server closes the connection and a new one needs a new token anyway. */
  private void again(TokenStanding standing) {
    retrying = true;
    timer =
        loop.after(
            retry,
            () -> {
              retrying = false;
              renewing = false;
              renew(standing);
            });
    Duration doubled = retry.multipliedBy(2);
    retry = doubled.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : doubled;
  }
}
