package dev.realtime4j.api.transport;

/**
 * Accepts sockets and moves text; a service provider interface. It does not interpret messages.
 *
 * <p>Thread safety: every method may be called by any thread.
 *
 * <p>Lifecycle: {@link #start} once, then {@link #close}.
 */
public interface Transport extends AutoCloseable {
  /**
   * Opens the port and begins to accept.
   *
   * @param limits what is enforced before a session knows of a socket
   * @param acceptor decides about each handshake
   * @throws dev.realtime4j.api.RealtimeException {@code UNAVAILABLE} when the port cannot be opened
   */
  void start(TransportLimits limits, HandshakeHandler acceptor);

  /** The port that was opened. */
  int port();

  /** How many lanes there are: the sockets of one lane are written by the same thread. */
  int lanes();

  /**
   * Runs a task on the thread of a lane, once every connection of that lane that wanted to write
   * before this call has been offered to the kernel: the natural tick of a broadcast.
   *
   * @param lane 0 to {@link #lanes} - 1
   * @param task short; does not throw
   */
  void afterWrites(int lane, Runnable task);

  /** How many sockets are open, half-open handshakes included. */
  int connectionCount();

  /** How many of them are half-open: accepted, and neither open nor closed yet. */
  default int halfOpenCount() {
    return 0;
  }

  /**
   * How many sockets were closed or refused before they were open, because there were too many: of
   * their address, half-open ones, or all together. Since the start.
   */
  default long turnedAway() {
    return 0;
  }

  /** Closes the port and every socket, and ends all threads. Idempotent; within two seconds. */
  @Override
  void close();
}
