package dev.realtime4j.server.http;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;

/** More body than is taken: 413, which no code of the wire has by itself. */
final class BodyTooLargeException extends RealtimeException {
  private static final long serialVersionUID = 1L;

  BodyTooLargeException() {
    super(ErrorCode.LIMIT_EXCEEDED, "a body must not be larger than 64 KiB");
  }
}
