/** Who may open a socket: origin, address, ban, pace and token, the cheapest check first. */
@NullMarked
package dev.realtime4j.server.internal.session.handshake;

import org.jspecify.annotations.NullMarked;
