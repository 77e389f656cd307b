package dev.realtime4j.api;

import org.jspecify.annotations.Nullable;

/**
 * The application passed an invalid value. The message says what is valid, and quotes nothing of
 * the value.
 *
 * <p>It is an {@link IllegalArgumentException}, as a malformed number or URL is in Java. Where such
 * a value came from a client, in the parameters of a method or over HTTP, the client is answered
 * with code and message: a method handler need not catch it.
 *
 * <p>Thread safety: immutable but for the stack trace.
 */
public final class InvalidValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** The code that a client gets. */
  private final ErrorCode code;

  /** An invalid value for which a client gets {@code BAD_REQUEST}. */
  public InvalidValueException(String message) {
    this(ErrorCode.BAD_REQUEST, message, null);
  }

  /**
   * @param code the code that a client gets for such a value
   * @param message what is valid; never the value itself
   * @param cause what it came from; null when it starts here
   */
  public InvalidValueException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** The code that a client gets for such a value. */
  public ErrorCode code() {
    return code;
  }

  /** The same for a failure at run time: the value came from elsewhere. */
  public RealtimeException asFailure() {
    return new RealtimeException(code, String.valueOf(getMessage()), this);
  }
}
