/**
 * How the client works: the state machine, backoff, pending calls, the socket. Start at {@code
 * ConnectionMachine}.
 */
@NullMarked
package dev.realtime4j.client.internal;

import org.jspecify.annotations.NullMarked;
