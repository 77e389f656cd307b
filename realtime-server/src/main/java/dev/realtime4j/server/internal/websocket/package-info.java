/**
 * The default transport: sockets and frames. The only package that names Java-WebSocket; no message
 * is understood here. Start at {@link dev.realtime4j.server.internal.websocket.WebSocketTransport}.
 *
 * <p>A {@code Listener} accepts, asks {@code Places} for one, and hands each socket to an {@code
 * EventLoop}, where a {@code Link} takes it through its stages: {@code HandshakeStage}, then {@code
 * OpenStage} or {@code RefusalStage}. In an open one bytes come in through {@code FrameGate} and
 * {@code FrameReader} and go out through {@code Outflow}; {@code WireDraft} is Java-WebSocket.
 */
@NullMarked
package dev.realtime4j.server.internal.websocket;

import org.jspecify.annotations.NullMarked;
