package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.server.internal.environment.ServerEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * What the event loops of a transport have in common.
 *
 * @param sendBufferBytes the most that the kernel may hold of one socket
 * @param controlFramesPerSecond how many pings and pongs one socket may send
 * @param tls for all sockets; null for none
 * @param environment time and threads
 */
record LoopSettings(
    int sendBufferBytes,
    int controlFramesPerSecond,
    @Nullable TlsSetup tls,
    ServerEnvironment environment) {}
