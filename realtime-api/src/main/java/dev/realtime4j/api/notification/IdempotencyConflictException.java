package dev.realtime4j.api.notification;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;

/**
 * An idempotency key was used before for the same receiver, with different content: nothing was
 * stored. On the wire it is {@code RT_BAD_REQUEST}, over HTTP its status is 422.
 *
 * <p>Thread safety: immutable but for the stack trace.
 */
public final class IdempotencyConflictException extends RealtimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param receiver who should have got the notification; the key itself is never shown
   */
  public IdempotencyConflictException(UserId receiver) {
    super(
        ErrorCode.BAD_REQUEST,
        "the idempotency key was used before for user "
            + receiver
            + " with another content; use a new key for a new notification");
  }
}
