package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.api.ErrorCode;

/** A request that is answered with a refusal. Has no stack trace: it is no bug. */
final class HandshakeRejectedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The answer. */
  private final transient HandshakeRejection refusal;

  HandshakeRejectedException(HandshakeRejection refusal) {
    super(refusal.message(), null, false, false);
    this.refusal = refusal;
  }

  static HandshakeRejectedException badRequest(String message) {
    return new HandshakeRejectedException(
        HandshakeRejection.of(400, ErrorCode.BAD_REQUEST, message));
  }

  HandshakeRejection refusal() {
    return refusal;
  }
}
