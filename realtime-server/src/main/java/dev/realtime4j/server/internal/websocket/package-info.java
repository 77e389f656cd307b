/**
 * The default transport: sockets and frames. The only package that names Java-WebSocket; no message
 * is understood here. Start at {@link dev.realtime4j.server.internal.websocket.WebSocketTransport}.
 *
 * <p>A {@code Acceptor} accepts, asks {@code ConnectionQuota} for one, and hands each socket to an
 * {@code EventLoop}, where a {@code SocketHandler} takes it through its stages: {@code
 * HandshakingState}, then {@code OpenState} or {@code RejectingState}. In an open one bytes come in
 * through {@code FrameHeader} and {@code FrameReader} and go out through {@code FrameWriter};
 * {@code WebSocketCodec} is Java-WebSocket.
 */
@NullMarked
package dev.realtime4j.server.internal.websocket;

import org.jspecify.annotations.NullMarked;
