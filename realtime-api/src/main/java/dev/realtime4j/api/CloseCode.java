package dev.realtime4j.api;

/**
 * Why a socket was closed. The code alone tells a client what to do next.
 *
 * <p>Codes below 4000 are those of RFC 6455, section 7.4; the others are ours.
 *
 * <p>Thread safety: an enum.
 */
public enum CloseCode {
  /** Closed on purpose. */
  NORMAL(1000, Reconnect.NEVER),
  /** A message was larger than the server accepts. */
  TOO_BIG(1009, Reconnect.NEVER),
  /** The server restarts; come back after the {@code reconnect_after_ms} it announced. */
  RESTARTING(1012, Reconnect.AT_ONCE),
  /** Repeated messages that are not in this protocol. */
  PROTOCOL_VIOLATION(4400, Reconnect.NEVER),
  /** The token was refused, or not refreshed in time. */
  UNAUTHORIZED(4401, Reconnect.WITH_NEW_TOKEN),
  /** Disconnected by the application, or banned. */
  DISCONNECTED(4403, Reconnect.NEVER),
  /** Nothing was heard in time. */
  NO_HEARTBEAT(4408, Reconnect.AT_ONCE),
  /** The user opened too many sockets; the oldest goes. */
  REPLACED(4409, Reconnect.NEVER),
  /** Too many messages; pause at least ten seconds. */
  RATE_LIMITED(4429, Reconnect.AFTER_PAUSE),
  /** The client read too slowly. */
  SLOW_CONSUMER(4508, Reconnect.AT_ONCE),
  /** Anything else: the network. Never sent, only observed. */
  ABNORMAL(1006, Reconnect.AT_ONCE);

  /** What a client does after a close. */
  public enum Reconnect {
    /** It does not reconnect. */
    NEVER,
    /** It comes back with the usual backoff. */
    AT_ONCE,
    /** It fetches a new token first. */
    WITH_NEW_TOKEN,
    /** It waits at least ten seconds. */
    AFTER_PAUSE
  }

  private final int value;
  private final Reconnect reconnect;

  CloseCode(int value, Reconnect reconnect) {
    this.value = value;
    this.reconnect = reconnect;
  }

  /** The number in the WebSocket close frame. */
  public int value() {
    return value;
  }

  /** What the client does next. */
  public Reconnect reconnect() {
    return reconnect;
  }

  /** The code of a number; {@link #ABNORMAL} for one that is not listed here. */
  public static CloseCode of(int value) {
    for (CloseCode code : values()) {
      if (code.value == value) {
        return code;
      }
    }
    return ABNORMAL;
  }
}
