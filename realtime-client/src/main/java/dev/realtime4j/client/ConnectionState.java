package dev.realtime4j.client;

/**
 * Where a client's connection stands.
 *
 * <p>Thread safety: an enum.
 */
public enum ConnectionState {
  /** {@link RealtimeClient#connect()} was not called yet. */
  IDLE,
  /** On the way to the first connection. */
  CONNECTING,
  /** Connected; rooms, presence and watches are as the application wants them. */
  CONNECTED,
  /** The connection was lost and the client is on the way back. */
  RECONNECTING,
  /** {@link RealtimeClient#pause()}: away on purpose until {@link RealtimeClient#resume()}. */
  PAUSED,
  /** {@link RealtimeClient#close()}: for good. */
  CLOSED,
  /** The server said not to come back; only {@link RealtimeClient#connect()} tries again. */
  FAILED
}
