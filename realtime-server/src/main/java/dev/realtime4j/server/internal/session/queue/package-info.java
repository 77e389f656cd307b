/** What waits for one socket: its calls, in order, and what is to be sent to it, within bounds. */
@NullMarked
package dev.realtime4j.server.internal.session.queue;

import org.jspecify.annotations.NullMarked;
