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
 * <p>Thread safety: called on a thread of the client's own that may be blocked; never twice at the
 * same time for one connection.
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
