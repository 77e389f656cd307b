/**
 * The seam between sessions and sockets: open, text in, text out, close, and nothing else. No
 * message is understood here. Start at {@link dev.realtime4j.api.transport.Transport}.
 */
@NullMarked
package dev.realtime4j.api.transport;

import org.jspecify.annotations.NullMarked;
