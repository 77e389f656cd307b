/** What sockets and users may do: the limits as set, and token buckets that hold them to it. */
@NullMarked
package dev.realtime4j.server.internal.session.limit;

import org.jspecify.annotations.NullMarked;
