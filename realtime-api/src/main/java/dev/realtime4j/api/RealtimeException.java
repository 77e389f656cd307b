package dev.realtime4j.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Anything that realtime4j refuses or fails to do. The message says what failed, for which ids, and
 * what to do; it never holds a token or a notification's text.
 *
 * <p>A method handler, a {@code RoomPolicy} or an {@code Authenticator} may throw it: code and
 * message reach the client as they are. Any other exception reaches the client as {@link
 * ErrorCode#INTERNAL} without its message.
 *
 * <p>Thread safety: immutable but for the stack trace.
 */
public class RealtimeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The reason, as on the wire. */
  private final ErrorCode code;

  /** When trying again makes sense. */
  private final @Nullable Duration retryAfter;

  /**
   * @param code the reason, as on the wire
   * @param message what failed and what to do
   */
  public RealtimeException(ErrorCode code, String message) {
    this(code, message, null, null);
  }

  /**
   * @param code the reason, as on the wire
   * @param message what failed and what to do
   * @param cause what it came from
   */
  public RealtimeException(ErrorCode code, String message, @Nullable Throwable cause) {
    this(code, message, null, cause);
  }

  /**
   * @param code the reason, as on the wire
   * @param message what failed and what to do
   * @param retryAfter when trying again makes sense; null when unknown
   * @param cause what it came from; null when it starts here
   */
  public RealtimeException(
      ErrorCode code, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** The reason, as on the wire. */
  public final ErrorCode code() {
    return code;
  }

  /** When trying again makes sense; null when unknown. */
  public final @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** A caller passed an invalid value. */
  public static RealtimeException badRequest(String message) {
    return new RealtimeException(ErrorCode.BAD_REQUEST, message);
  }

  /** A store or a queue cannot serve now. */
  public static RealtimeException unavailable(String message, @Nullable Throwable cause) {
    return new RealtimeException(ErrorCode.UNAVAILABLE, message, cause);
  }
}
