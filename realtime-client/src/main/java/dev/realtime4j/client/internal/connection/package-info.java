/**
 * One connection: the state machine, the attempt, the token, the heartbeat, and why it ended. Start
 * at {@code ConnectionMachine}.
 */
@NullMarked
package dev.realtime4j.client.internal.connection;

import org.jspecify.annotations.NullMarked;
