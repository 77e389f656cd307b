/**
 * The certificate that a server shows: from a key store or PEM files, renewed while it serves, or
 * in a host's own {@code SSLContext}. No socket is known here. Start at {@link
 * dev.realtime4j.server.tls.ServerTls}.
 */
@NullMarked
package dev.realtime4j.server.tls;

import org.jspecify.annotations.NullMarked;
