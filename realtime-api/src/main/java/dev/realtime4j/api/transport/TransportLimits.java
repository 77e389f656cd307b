package dev.realtime4j.api.transport;

import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a transport enforces itself, before memory is spent.
 *
 * @param port the TCP port; 0 for any free one
 * @param maxMessageBytes the largest message a client may send, over all its fragments
 * @param maxHandshakeBytes the largest request head
 * @param handshakeTimeout from the first byte to the open socket
 * @param maxConnections how many sockets at most, half-open ones included
 * @param bindAddress the local address to accept sockets on; null for all
 */
public record TransportLimits(
    int port,
    int maxMessageBytes,
    int maxHandshakeBytes,
    Duration handshakeTimeout,
    int maxConnections,
    @Nullable InetAddress bindAddress) {
  /** Limits of a transport that accepts sockets on all local addresses. */
  public TransportLimits(
      int port,
      int maxMessageBytes,
      int maxHandshakeBytes,
      Duration handshakeTimeout,
      int maxConnections) {
    this(port, maxMessageBytes, maxHandshakeBytes, handshakeTimeout, maxConnections, null);
  }
}
