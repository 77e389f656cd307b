package dev.realtime4j.client;

import java.util.concurrent.CompletionStage;

/**
 * Where a client gets its tokens; implemented by the application.
 *
 * <p>Asked before each attempt to connect, ahead of a token's expiry and when one expired: a
 * provider that holds a token that is still good may return it again. One that fails, throws or
 * takes longer than the client's call time-out counts as a failed attempt and is asked again after
 * the usual backoff.
 *
 * <p>A provider that knows that there will be no token, because the user signed out or was locked
 * out, fails with a {@link dev.realtime4j.api.RealtimeException} of the code {@code UNAUTHORIZED}
 * or {@code FORBIDDEN}: that ends the client in {@link ConnectionState#FAILED}, with this exception
 * as its cause.
 *
 * <p>Thread safety: called on a thread of the client's own that may be blocked. Never twice at the
 * same time: who needs a token while one is being asked for waits for that one. Only a call that
 * took longer than the call time-out is not waited for.
 */
@FunctionalInterface
public interface TokenProvider {
  /** A token for the next handshake or refresh. */
  CompletionStage<String> token();

  /**
   * The server refused the last token: a provider that remembers tokens forgets it here. Called
   * before the next {@link #token()}.
   */
  default void refused() {}
}
