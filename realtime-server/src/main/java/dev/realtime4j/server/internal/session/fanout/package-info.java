/** The same messages to many sockets, by the thread that writes them. */
@NullMarked
package dev.realtime4j.server.internal.session.fanout;

import org.jspecify.annotations.NullMarked;
