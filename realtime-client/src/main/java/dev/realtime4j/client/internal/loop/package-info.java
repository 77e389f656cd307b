/**
 * The thread that the protocol runs on, its timers, and the way from there to the application's
 * threads and listeners. Knows nothing of the protocol. Start at {@code Loop}.
 */
@NullMarked
package dev.realtime4j.client.internal.loop;

import org.jspecify.annotations.NullMarked;
