package dev.realtime4j.server;

/**
 * Whether the proxies in front say whose a connection is by a PROXY header in front of its bytes,
 * as HAProxy ({@code send-proxy-v2}), AWS NLB and others can, which know nothing of HTTP.
 */
public enum ProxyProtocol {
  /** They do not. A PROXY header is a malformed request. */
  OFF,

  /**
   * They do: each connection from {@link RealtimeServer.Builder#trustedProxies} begins with a
   * header of version 1 or 2, before TLS, and one that does not is closed. Connections from anybody
   * else are their own, without a header.
   */
  REQUIRED
}
