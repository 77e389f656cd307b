package dev.realtime4j.server;

/**
 * Whether the proxies in front name the client of a connection by a PROXY header in front of its
 * bytes, as HAProxy ({@code send-proxy-v2}), AWS NLB and others can without HTTP.
 */
public enum ProxyProtocol {
  /** They do not. A PROXY header is a malformed request. */
  OFF,

  /**
   * They do: each connection from {@link RealtimeServer.Builder#trustedProxies} begins with a
   * header of version 1 or 2, before TLS, and is closed otherwise. Connections from anybody else
   * have no header and count for their own address.
   */
  REQUIRED
}
