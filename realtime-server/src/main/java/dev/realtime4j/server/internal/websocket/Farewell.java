package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.api.CloseCode;
import java.time.Duration;

/**
 * How a connection ends.
 *
 * @param code what the close frame says; 1005 for one without a code
 * @param reason what else it says
 * @param manner what happens before and after
 */
record Farewell(int code, String reason, Manner manner) {
  /** What happens around the close frame. */
  enum Manner {
    /** What waits is sent first, and the client's answer awaited. */
    AFTER_FLUSH(Duration.ofSeconds(1)),
    /** What waits is dropped, the client's answer is awaited shortly. */
    AT_ONCE(Duration.ofMillis(500)),
    /** The client closed: its frame is echoed. */
    ECHO(Duration.ofMillis(500)),
    /** The client cannot be understood any more; what it sends is not read. */
    FAILED(Duration.ofMillis(500));

    private final Duration patience;

    Manner(Duration patience) {
      this.patience = patience;
    }

    /** After which the socket is cut. */
    Duration patience() {
      return patience;
    }
  }

  /** RFC 6455: the server met a condition that it did not expect. */
  private static final int SERVER_FAILED = 1011;

  static Farewell of(CloseCode code, String reason, Manner manner) {
    return new Farewell(code.value(), reason, manner);
  }

  static Farewell serverFailed() {
    return new Farewell(SERVER_FAILED, "the server failed", Manner.AT_ONCE);
  }

  boolean flushesFirst() {
    return manner == Manner.AFTER_FLUSH;
  }

  boolean readsOn() {
    return manner == Manner.AFTER_FLUSH || manner == Manner.AT_ONCE;
  }
}
