/**
 * One connected client: its serial inbox, its bounded outbox, its limits and heartbeat, and the
 * table of methods that the features fill. Never names a feature. Start at {@code Session}.
 */
@NullMarked
package dev.realtime4j.server.internal.session;

import org.jspecify.annotations.NullMarked;
