package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.api.ErrorCode;

/** A request that is answered with a refusal. Has no stack trace: it is no bug. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The answer. */
  private final transient Refusal refusal;

  RefusedException(Refusal refusal) {
    super(refusal.message(), null, false, false);
    this.refusal = refusal;
  }

  static RefusedException badRequest(String message) {
    return new RefusedException(Refusal.of(400, ErrorCode.BAD_REQUEST, message));
  }

  Refusal refusal() {
    return refusal;
  }
}
