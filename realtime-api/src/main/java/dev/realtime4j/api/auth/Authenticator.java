package dev.realtime4j.api.auth;

/**
 * Decides who is connecting; a service provider interface that the application may implement.
 *
 * <p>Called for every WebSocket handshake, every {@code auth.refresh} ({@link Handshake#essentials}
 * of the socket's handshake, with the new token) and every HTTP call (a handshake made from the
 * request).
 *
 * <p>Thread safety: called by several threads at once. It may block: it runs on threads of its own,
 * {@code realtime-auth-*}, or on the calling thread of the HTTP API. A call that takes longer than
 * the handshake time-out is interrupted; the handshake then ends in 503, the refresh in {@code
 * UNAVAILABLE}.
 */
@FunctionalInterface
public interface Authenticator {
  /**
   * Checks the proof of a client.
   *
   * @param handshake what the client sent; {@link Handshake#token()} finds its token
   * @return the user
   * @throws dev.realtime4j.api.RealtimeException {@code UNAUTHORIZED} when the proof is missing or
   *     bad (HTTP 401), {@code FORBIDDEN} when the user may not connect (403), {@code UNAVAILABLE}
   *     when it cannot be decided now (503); any other exception ends in 503 and a warning in the
   *     log, with class and place but without its message, which may quote the token
   */
  Principal authenticate(Handshake handshake);
}
