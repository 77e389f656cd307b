package dev.realtime4j.client;

/**
 * Where a client gets its tokens; implemented by the application:
 *
 * <pre>{@code
 * RealtimeClient.builder().tokenProvider(() -> login.freshToken())
 * }</pre>
 *
 * <p>Asked before each attempt to connect, ahead of a token's expiry and when one expired: a
 * provider that holds a token that is still good may return it again. It may take its time, and
 * wait for a login server: that holds up nothing but the attempt. One that throws, returns null or
 * takes longer than the client's call time-out counts as a failed attempt and is asked again after
 * the usual backoff; what it threw is the cause that {@link RealtimeClient#onState} tells.
 *
 * <p>A provider that knows that there will be no token, because the user signed out or was locked
 * out, throws a {@link dev.realtime4j.api.RealtimeException} of the code {@code UNAUTHORIZED} or
 * {@code FORBIDDEN}: that ends the client in {@link ConnectionState#FAILED}, with this exception as
 * its cause.
 *
 * <p>Thread safety: called on a thread of the client's own that may be blocked. Never twice at the
 * same time: who needs a token while one is being asked for waits for that one. Only a call that
 * took longer than the call time-out is not waited for; its thread is interrupted.
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
   * The server refused the last token: a provider that remembers tokens forgets it here. Called
   * before the next {@link #token()}.
   */
  default void refused() {}
}
