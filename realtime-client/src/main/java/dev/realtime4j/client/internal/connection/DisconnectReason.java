package dev.realtime4j.client.internal.connection;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt or a connection ended, and what that means for the next one.
 *
 * @param next whether and how to come back
 * @param floor the least delay before the next attempt, to which the backoff is added
 * @param cause what the application is told
 */
public record DisconnectReason(Next next, Duration floor, RealtimeException cause) {
  /** Whether and how to come back. */
  enum Next {
    /** With the usual backoff. */
    BACKOFF,
    /** With the usual backoff and a new token. */
    BACKOFF_NEW_TOKEN,
    /** At once with a new token, the first time; then as {@link #BACKOFF_NEW_TOKEN}. */
    NEW_TOKEN_AT_ONCE,
    /** Not at all. */
    GIVE_UP
  }

  static final Duration PAUSE = Duration.ofSeconds(10);

  /** A server that says "in a year" is taken at its word only so far. */
  static final Duration LONGEST = Duration.ofMinutes(10);

  public DisconnectReason {
    floor = floor.compareTo(LONGEST) > 0 ? LONGEST : floor.isNegative() ? Duration.ZERO : floor;
  }

  /** The network, or something that looks like it. */
  public static DisconnectReason network(String message, @Nullable Throwable cause) {
    return new DisconnectReason(
        Next.BACKOFF, Duration.ZERO, RealtimeException.unavailable(message, cause));
  }

  /**
   * The application gave no token. When it says that the user may not have one, for example because
   * they signed out, no later attempt will do better.
   */
  public static DisconnectReason noToken(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof RealtimeException refusal
        && (refusal.code() == ErrorCode.UNAUTHORIZED || refusal.code() == ErrorCode.FORBIDDEN)) {
      return new DisconnectReason(Next.GIVE_UP, Duration.ZERO, refusal);
    }
    return network(
        cause instanceof RealtimeException told
            ? String.valueOf(told.getMessage())
            : "the token provider failed: " + (cause == null ? "it gave no token" : cause),
        cause);
  }

  /** The socket was closed with a code. */
  static DisconnectReason closed(int code, String reason, @Nullable Duration announced) {
    CloseCode known = CloseCode.of(code);
    String message =
        "the connection was closed with code " + code + (reason.isEmpty() ? "" : ": " + reason);
    Duration floor = announced == null ? Duration.ZERO : announced;
    RealtimeException cause = new RealtimeException(errorOf(known), message);
    return switch (known.reconnect()) {
      case NEVER -> new DisconnectReason(Next.GIVE_UP, Duration.ZERO, cause);
      case AT_ONCE -> new DisconnectReason(Next.BACKOFF, floor, cause);
      case WITH_NEW_TOKEN -> new DisconnectReason(Next.BACKOFF_NEW_TOKEN, floor, cause);
      case AFTER_PAUSE ->
          new DisconnectReason(Next.BACKOFF, floor.compareTo(PAUSE) > 0 ? floor : PAUSE, cause);
    };
  }

  /**
   * The handshake was answered with an HTTP status instead of a socket.
   *
   * @param detail what the server told of the reason
   */
  static DisconnectReason refused(
      int status, @Nullable Duration retryAfter, @Nullable String detail) {
    Duration floor = retryAfter == null ? Duration.ZERO : retryAfter;
    String message =
        "the server refused the connection with HTTP "
            + status
            + (detail == null ? "" : ": " + detail);
    return switch (status) {
      case 401 ->
          new DisconnectReason(
              Next.NEW_TOKEN_AT_ONCE, floor, error(ErrorCode.UNAUTHORIZED, message));
      case 403 ->
          new DisconnectReason(
              Next.BACKOFF,
              floor.compareTo(PAUSE) > 0 ? floor : PAUSE,
              error(ErrorCode.FORBIDDEN, message));
      case 404 -> new DisconnectReason(Next.BACKOFF, floor, error(ErrorCode.NOT_FOUND, message));
      case 429 -> new DisconnectReason(Next.BACKOFF, floor, error(ErrorCode.RATE_LIMITED, message));
      default -> new DisconnectReason(Next.BACKOFF, floor, error(ErrorCode.UNAVAILABLE, message));
    };
  }

  private static RealtimeException error(ErrorCode code, String message) {
    return new RealtimeException(code, message);
  }

  private static ErrorCode errorOf(CloseCode code) {
    return switch (code) {
      case TOO_BIG, REPLACED -> ErrorCode.LIMIT_EXCEEDED;
      case PROTOCOL_VIOLATION -> ErrorCode.BAD_REQUEST;
      case UNAUTHORIZED -> ErrorCode.UNAUTHORIZED;
      case DISCONNECTED -> ErrorCode.FORBIDDEN;
      case RATE_LIMITED -> ErrorCode.RATE_LIMITED;
      case NORMAL, RESTARTING, NO_HEARTBEAT, SLOW_CONSUMER, ABNORMAL -> ErrorCode.UNAVAILABLE;
    };
  }
}
