package dev.realtime4j.client;

/**
 * Where a client gets its tokens; implemented by the application:
 *
 * <pre>{@code
 * RealtimeClient.builder().tokenProvider(() -> login.freshToken())
 * }</pre>
 *
 * <p>Called before each attempt to connect, ahead of a token's expiry and when one expired. A
 * provider may return a token again that is still valid. It may block, for example on a login
 * server: that delays only the attempt. When it throws, returns null or takes longer than the
 * client's call time-out, the attempt has failed, and the provider is called again after the usual
 * backoff; its exception is the cause that {@link RealtimeClient#onState} reports.
 *
 * <p>If there will be no more tokens, because the user signed out or was locked out, the provider
 * throws a {@link dev.realtime4j.api.RealtimeException} of the code {@code UNAUTHORIZED} or {@code
 * FORBIDDEN}: the client is then {@link ConnectionState#FAILED}, with this exception as its cause.
 *
 * <p>Thread safety: called on a thread of the client that may block, and never twice at the same
 * time: everything that needs a token meanwhile waits for the same one. The client does not wait
 * for a call that takes longer than the call time-out; it interrupts its thread.
 */
@FunctionalInterface
public interface TokenProvider {
  /**
   * A token for the next handshake or refresh. May block.
   *
   * @throws Exception when there is none now
   */
  String token() throws Exception;

  /**
   * The server refused the last token: a provider that caches tokens drops it here. Called before
   * the next {@link #token()}.
   */
  default void refused() {}
}
