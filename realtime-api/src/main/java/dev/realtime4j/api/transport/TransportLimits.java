package dev.realtime4j.api.transport;

import java.time.Duration;

/**
 * What a transport enforces by itself, before memory is spent.
 *
 * @param port the TCP port; 0 for any free one
 * @param maxMessageBytes the largest message a client may send, over all its fragments
 * @param maxHandshakeBytes the largest request head
 * @param handshakeTimeout from the first byte to the open socket
 * @param maxConnections how many sockets at most, half-open ones included
 */
public record TransportLimits(
    int port,
    int maxMessageBytes,
    int maxHandshakeBytes,
    Duration handshakeTimeout,
    int maxConnections) {}
