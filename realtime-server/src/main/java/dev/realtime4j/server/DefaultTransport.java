package dev.realtime4j.server;

import dev.realtime4j.api.internal.Library;
import dev.realtime4j.api.transport.Transport;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.session.address.TrustedProxies;
import dev.realtime4j.server.internal.websocket.Peers;
import dev.realtime4j.server.internal.websocket.WebSocketTransport;
import dev.realtime4j.server.tls.ServerTls;
import org.jspecify.annotations.Nullable;

/** The transport of a server that was given none. */
final class DefaultTransport {
  private static final Library WEBSOCKETS =
      Library.of(
          "Java-WebSocket",
          "org.java_websocket.drafts.Draft_6455",
          "org.java-websocket:Java-WebSocket");
  private static final Library TLS_CHANNEL =
      Library.of(
          "tls-channel", "tlschannel.ServerTlsChannel", "com.github.marianobarrios:tls-channel");

  private DefaultTransport() {}

  /**
   * @throws IllegalStateException when it is to take PROXY headers, and from no proxy
   * @throws dev.realtime4j.api.RealtimeException {@code INTERNAL} when one of its libraries is
   *     missing
   */
  static Transport create(
      Settings settings, @Nullable ServerTls tls, ServerEnvironment environment) {
    boolean proxyHeaders = settings.proxyProtocol == ProxyProtocol.REQUIRED;
    if (proxyHeaders && settings.trustedProxies.isEmpty()) {
      throw new IllegalStateException(
          "proxyProtocol(REQUIRED) needs trustedProxies(...): the addresses that the proxies"
              + " connect from");
    }
    WEBSOCKETS.requireFor("RealtimeServer without a transport(...)", RealtimeServer.class);
    if (tls != null) {
      TLS_CHANNEL.requireFor("RealtimeServer with TLS", RealtimeServer.class);
    }
    TrustedProxies proxies = TrustedProxies.of(settings.trustedProxies);
    return WebSocketTransport.create(
        settings.ioThreads,
        settings.sendBufferBytes,
        settings.controlFramesPerSecond,
        tls == null ? null : tls::sslContext,
        new Peers(
            proxies::isTrusted,
            proxyHeaders,
            TrustedProxies::counted,
            settings.halfOpenPerAddress()),
        environment);
  }

  /**
   * Another transport does TLS and PROXY headers by itself.
   *
   * @throws IllegalStateException when either was set for it
   */
  static Transport instead(Transport other, Settings settings, @Nullable ServerTls tls) {
    if (tls != null) {
      throw new IllegalStateException(
          "tls(...) is for the server's own transport; set TLS up in yours and leave tls out");
    }
    if (settings.proxyProtocol == ProxyProtocol.REQUIRED) {
      throw new IllegalStateException(
          "proxyProtocol(...) is for the server's own transport; leave it out beside yours");
    }
    return other;
  }
}
