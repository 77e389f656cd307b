package dev.realtime4j.api.transport;

import dev.realtime4j.api.CloseCode;

/**
 * The transport's side of an open connection.
 *
 * <p>Thread safety: every method may be called by any thread, and none blocks. After the close they
 * do nothing.
 */
public interface TransportConnection {
  /** Which lane of the transport the connection is on; never changes. */
  int lane();

  /**
   * Says that {@link TransportSession#takeOutgoing} has something. The transport calls that until
   * it returns null, as fast as the socket takes it.
   */
  void wantWrite();

  /**
   * How many bytes the socket has taken since it opened. The client need not have them yet: the
   * kernels between keep some, on a slow link for as long as a minute.
   *
   * @return 0 from a transport that does not count
   */
  default long bytesWritten() {
    return 0;
  }

  /** Stops reading from the socket, so that the client is slowed down by TCP. */
  void pauseReading();

  /** Reads again after {@link #pauseReading}. */
  void resumeReading();

  /**
   * Closes after what waits has been sent: writes, close frame, the client's answer. A client that
   * does not take it is cut off after a second.
   */
  void close(CloseCode code, String reason);

  /**
   * Closes at once: what waits is dropped and only the close frame is tried, for at most half a
   * second.
   */
  void abort(CloseCode code, String reason);
}
