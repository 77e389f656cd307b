package dev.realtime4j.api.transport;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.auth.Handshake;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides about a handshake, and makes the session of an accepted one.
 *
 * <p>Thread safety: called by several transport threads at once; returns at once.
 */
@FunctionalInterface
public interface HandshakeHandler {
  /**
   * @param handshake a complete WebSocket request
   * @return the decision, which may complete later and on any thread; a failed stage is answered
   *     with 503
   */
  CompletionStage<Decision> decide(Handshake handshake);

  /** Open the socket, or refuse with an HTTP answer before the WebSocket is open. */
  sealed interface Decision {}

  /**
   * Open the socket.
   *
   * @param protocol the sub-protocol to answer; null for none
   * @param session makes the session of the open connection; called on a transport thread, returns
   *     at once
   */
  record Accepted(
      @Nullable String protocol, Function<TransportConnection, TransportSession> session)
      implements Decision {}

  /**
   * Refuse.
   *
   * @param status the HTTP status
   * @param code the reason
   * @param message what the client reads
   * @param retryAfter when to come back; null when that makes no sense
   */
  record Refused(int status, ErrorCode code, String message, @Nullable Duration retryAfter)
      implements Decision {}
}
