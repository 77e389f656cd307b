/**
 * The log of every accepted connection: its rows and the store behind it. The queue in front of the
 * store lives in the server. Start at {@link dev.realtime4j.api.connectionlog.ConnectionLog}.
 */
@NullMarked
package dev.realtime4j.api.connectionlog;

import org.jspecify.annotations.NullMarked;
