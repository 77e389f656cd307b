/** The bounded queue in front of the connection log. Start at {@code ConnectionLogWriter}. */
@NullMarked
package dev.realtime4j.server.internal.connectionlog;

import org.jspecify.annotations.NullMarked;
