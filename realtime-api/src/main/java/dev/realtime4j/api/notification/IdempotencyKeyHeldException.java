package dev.realtime4j.api.notification;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import org.jspecify.annotations.Nullable;

/**
 * Another transaction that is still open has used the idempotency key; whether it will have been
 * used is not known before that one ends. Nothing was stored: send again with the same key.
 */
public final class IdempotencyKeyHeldException extends RealtimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was not stored
   * @param cause how the store found out
   */
  public IdempotencyKeyHeldException(String message, @Nullable Throwable cause) {
    super(ErrorCode.UNAVAILABLE, message, cause);
  }
}
