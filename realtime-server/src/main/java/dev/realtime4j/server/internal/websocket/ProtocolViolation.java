package dev.realtime4j.server.internal.websocket;

/** A client sent what RFC 6455 or our limits do not allow. Has no stack trace: it is no bug. */
final class ProtocolViolation extends Exception {
  static final int PROTOCOL_ERROR = 1002;
  static final int NOT_UTF8 = 1007;
  static final int TOO_BIG = 1009;

  private static final long serialVersionUID = 1L;

  /** What the connection is closed with. */
  private final int closeCode;

  ProtocolViolation(int closeCode, String message) {
    super(message, null, false, false);
    this.closeCode = closeCode;
  }

  int closeCode() {
    return closeCode;
  }
}
