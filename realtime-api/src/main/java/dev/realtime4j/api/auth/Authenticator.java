package dev.realtime4j.api.auth;

/**
 * Decides who is at the other end; a service provider interface of the host.
 *
 * <p>Asked for every WebSocket handshake, every {@code auth.refresh} ({@link Handshake#essentials}
 * of the socket's handshake with the new token) and every HTTP call (a handshake made of the
 * request).
 *
 * <p>Thread safety: called by several threads at once. It may block: it runs on threads of its own,
 * {@code realtime-auth-*}, or on the caller's of the HTTP API. One that takes longer than the
 * handshake time-out is interrupted; the handshake ends in 503, the refresh in {@code UNAVAILABLE}.
 */
@FunctionalInterface
public interface Authenticator {
  /**
   * Proves who it is.
   *
   * @param handshake what the client sent; {@link Handshake#token()} is where a token would be
   * @return who it is
   * @throws dev.realtime4j.api.RealtimeException {@code UNAUTHORIZED} when the proof is missing or
   *     bad (HTTP 401), {@code FORBIDDEN} when the user may not connect (403), {@code UNAVAILABLE}
   *     when it cannot be told now (503); any other exception ends in 503 and a warning in the log,
   *     by class and place: its message may quote the token
   */
  Principal authenticate(Handshake handshake);
}
