package dev.realtime4j.server.internal.websocket;

import java.net.InetAddress;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Who connects, and how many half-open sockets each may have.
 *
 * @param proxies the trusted ones: their sockets are those of many clients
 * @param sendHeaders whether the trusted proxies begin each connection with a PROXY header, before
 *     TLS
 * @param counted what a client's address counts as
 * @param maxHalfOpenPerAddress how many half-open sockets of an address may keep the server waiting
 */
public record Peers(
    Predicate<InetAddress> proxies,
    boolean sendHeaders,
    UnaryOperator<InetAddress> counted,
    int maxHalfOpenPerAddress) {

  /** No proxies, and no bound by address. */
  static Peers unbounded() {
    return new Peers(peer -> false, false, UnaryOperator.identity(), Integer.MAX_VALUE);
  }

  boolean beginWithHeader(InetAddress peer) {
    return sendHeaders && proxies.test(peer);
  }
}
