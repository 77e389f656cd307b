/**
 * The socket: addresses, proxies, TLS names, and a WebSocket on Java-WebSocket, which no other
 * package names. Start at {@code SocketFactory}.
 */
@NullMarked
package dev.realtime4j.client.internal.websocket;

import org.jspecify.annotations.NullMarked;
