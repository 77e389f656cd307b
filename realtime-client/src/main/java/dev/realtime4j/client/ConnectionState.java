package dev.realtime4j.client;

/**
 * The state of a client's connection.
 *
 * <p>Thread safety: an enum.
 */
public enum ConnectionState {
  /** {@link RealtimeClient#connect()} was not called yet. */
  IDLE,
  /** Trying to connect for the first time. */
  CONNECTING,
  /** Connected; rooms, presence and watches are as the application wants them. */
  CONNECTED,
  /** The connection was lost and the client reconnects. */
  RECONNECTING,
  /**
   * {@link RealtimeClient#pause()}: disconnected on purpose until {@link RealtimeClient#resume()}.
   */
  PAUSED,
  /** {@link RealtimeClient#close()}: for good. */
  CLOSED,
  /** The server said not to come back; only {@link RealtimeClient#connect()} tries again. */
  FAILED
}
