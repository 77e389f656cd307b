/**
 * Addresses of clients: how they are written, what proxies say of them, how many sockets each has.
 */
@NullMarked
package dev.realtime4j.server.internal.session.address;

import org.jspecify.annotations.NullMarked;
