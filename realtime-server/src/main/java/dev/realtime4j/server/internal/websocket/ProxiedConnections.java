package dev.realtime4j.server.internal.websocket;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which connections begin with a PROXY header, and what is said about those that do not. Any
 * thread.
 */
final class ProxiedConnections {
  private static final Logger log = LoggerFactory.getLogger(ProxiedConnections.class);

  private final Peers peers;
  private final AtomicLong refused = new AtomicLong();
  private final AtomicBoolean told = new AtomicBoolean();
  private final AtomicBoolean toldUnexpected = new AtomicBoolean();

  /**
   * @param peers who sends one with each connection; from anybody else it is malformed
   */
  ProxiedConnections(Peers peers) {
    this.peers = peers;
  }

  /** A trusted proxy sent something else; the first time with the remedy. */
  void refused(InetAddress peer, String why) {
    long count = refused.incrementAndGet();
    if (told.compareAndSet(false, true)) {
      log.warn(
          "The trusted proxy {} opened a connection with {}, which is closed: have it send PROXY"
              + " headers of version 1 or 2 with each connection, its health checks included, or"
              + " set proxyProtocol to OFF. Further ones are told at DEBUG",
          peer.getHostAddress(),
          why);
    } else {
      log.debug("{} connections of trusted proxies refused, now {}: {}", count, peer, why);
    }
  }

  /** Somebody else sent one; the first time with the remedy. */
  void unexpected(InetAddress peer) {
    if (toldUnexpected.compareAndSet(false, true)) {
      log.warn(
          "A connection from {} begins with a PROXY header, which is not believed, and is refused."
              + " If it is your proxy: set proxyProtocol to REQUIRED and list it in"
              + " trustedProxies. Further ones are told at DEBUG",
          peer.getHostAddress());
    } else {
      log.debug("a PROXY header from {} is not believed", peer.getHostAddress());
    }
  }

  /** The stage of a new connection: through its header first, where it has one. */
  ChannelState first(SocketHandler link, ProxyHeaderState.Next next, Duration timeout)
      throws IOException {
    return peers.beginWithHeader(link.remoteAddress())
        ? new ProxyHeaderState(link, this, next, timeout)
        : next.stage(link, timeout);
  }
}
