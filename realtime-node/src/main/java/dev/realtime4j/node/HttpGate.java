package dev.realtime4j.node;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.eclipse.jetty.util.InetAddressSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where every connection of an HTTP port begins. Who connects is looked at before a byte is read: a
 * PROXY header is taken from trusted proxies only. From anybody else it is a malformed request.
 */
final class HttpGate extends AbstractConnectionFactory {
  private static final Logger log = LoggerFactory.getLogger(HttpGate.class);

  /** The same as on the port of the WebSockets: a proxy may put a certificate's names into it. */
  private static final int MAX_HEADER_BYTES = 4096;

  private static final int V2_FIXED_BYTES = 16;

  private final HttpConnections connections;
  private final InetAddressSet trusted;
  private final @Nullable ProxyConnectionFactory proxy;
  private final Client client;
  private final AtomicBoolean told = new AtomicBoolean();

  /**
   * @param trusted the proxies: not counted by address, and those that PROXY headers are taken from
   * @param proxyProtocol whether they send them; then each of their connections must begin with one
   * @param next what a connection goes on with, once its client is known
   */
  HttpGate(
      HttpConnections connections,
      InetAddressSet trusted,
      boolean proxyProtocol,
      ConnectionFactory next) {
    super("gate");
    this.connections = connections;
    this.trusted = trusted;
    client = new Client(next);
    proxy = proxyProtocol ? new Required(client.getProtocol()) : null;
    installBean(client);
    if (proxy != null) {
      installBean(proxy);
    }
  }

  /** What the connector has to know, too: by its name, what comes behind a PROXY header. */
  ConnectionFactory client() {
    return client;
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    HttpEndPoint ours = HttpEndPoint.of(endPoint);
    InetAddress address = address(endPoint);
    if (ours != null) {
      connections.opened(ours);
    }
    if (proxy == null || !isTrusted(address)) {
      return client.newConnection(connector, endPoint);
    }
    if (ours != null) {
      ours.expectHeader(() -> tellNoHeader(address));
    }
    return proxy.newConnection(connector, endPoint);
  }

  private void tellNoHeader(@Nullable InetAddress address) {
    if (told.compareAndSet(false, true)) {
      log.warn(
          "The trusted proxy {} opened a connection to the HTTP port with no PROXY header that can"
              + " be read, which is closed: have it send one of version 1 or 2 with each"
              + " connection, or set REALTIME_PROXY_PROTOCOL=off. Further ones are told at DEBUG",
          address);
    } else {
      log.debug("A connection of {} without a PROXY header is closed", address);
    }
  }

  private boolean isTrusted(@Nullable InetAddress address) {
    return address != null && !trusted.isEmpty() && trusted.test(address);
  }

  private static @Nullable InetAddress address(EndPoint endPoint) {
    SocketAddress address = endPoint.getRemoteSocketAddress();
    return address instanceof InetSocketAddress internet ? internet.getAddress() : null;
  }

  /** PROXY headers; a connection without one is closed. Jetty's own warnings are switched off. */
  private static final class Required extends ProxyConnectionFactory {
    Required(String next) {
      super(next);
      setMaxProxyHeader(MAX_HEADER_BYTES - V2_FIXED_BYTES); // it counts what comes behind those
    }

    @Override
    protected void nextProtocol(Connector connector, EndPoint endPoint, ByteBuffer begin) {
      endPoint.close();
    }
  }

  /** The step behind the PROXY header, where it is known whose a connection is. */
  private final class Client extends AbstractConnectionFactory {
    private final ConnectionFactory next;

    Client(ConnectionFactory next) {
      super("client");
      this.next = next;
      installBean(next);
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
      HttpEndPoint ours = HttpEndPoint.of(endPoint);
      if (ours != null) {
        InetAddress address = address(endPoint);
        ours.headerIsRead();
        connections.identified(ours, isTrusted(address) ? null : address);
      }
      return next.newConnection(connector, endPoint);
    }
  }
}
