package dev.realtime4j.client.internal;

import dev.realtime4j.client.internal.loop.Loop;
import dev.realtime4j.client.internal.websocket.SocketFactory;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;
import java.util.function.UnaryOperator;

/**
 * What a client lives in: the network, the time, and chance. The test kit brings its own.
 *
 * @param sockets the network
 * @param loop the thread that the protocol runs on, and its clocks; one client's own
 * @param watched may look at what the client hands to an executor
 * @param jitter random numbers, 0 (inclusive) to 1 (exclusive)
 */
public record ClientEnvironment(
    SocketFactory sockets, Loop loop, UnaryOperator<Executor> watched, DoubleSupplier jitter) {}
