package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.api.CloseCode;
import java.time.Duration;

/**
 * How a connection ends.
 *
 * @param code what the close frame says; 1005 for one without a code
 * @param reason what else it says
 * @param mode what happens before and after
 */
record CloseRequest(int code, String reason, CloseMode mode) {
  /** What happens around the close frame. */
  enum CloseMode {
    /** What waits is sent first, and the client's answer awaited. */
    AFTER_FLUSH(Duration.ofSeconds(1)),
    /** What waits is dropped, the client's answer is awaited shortly. */
    AT_ONCE(Duration.ofMillis(500)),
    /** The client closed: its frame is echoed. */
    ECHO(Duration.ofMillis(500)),
    /** The client cannot be understood any more; what it sends is not read. */
    FAILED(Duration.ofMillis(500));

    private final Duration patience;

    CloseMode(Duration patience) {
      this.patience = patience;
    }

    /** After which the socket is cut. */
    Duration patience() {
      return patience;
    }
  }

  /** RFC 6455: the server met a condition that it did not expect. */
  private static final int SERVER_FAILED = 1011;

  static CloseRequest of(CloseCode code, String reason, CloseMode mode) {
    return new CloseRequest(code.value(), reason, mode);
  }

  static CloseRequest serverFailed() {
    return new CloseRequest(SERVER_FAILED, "the server failed", CloseMode.AT_ONCE);
  }

  boolean flushesFirst() {
    return mode == CloseMode.AFTER_FLUSH;
  }

  boolean readsOn() {
    return mode == CloseMode.AFTER_FLUSH || mode == CloseMode.AT_ONCE;
  }
}
