package dev.realtime4j.node;

import dev.realtime4j.server.ProxyProtocol;
import dev.realtime4j.server.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.InetAddressSet;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * A port that speaks HTTP, on Jetty: strict about what is ambiguous, and held by nobody, see {@link
 * FramedRequests} and {@link HttpConnections}. Its few threads never wait for a client, and a
 * handler must not block them.
 *
 * <p>Lifecycle: open from {@link #open} to {@link #close}.
 */
final class HttpPort implements AutoCloseable {
  /** A token has at most 8 KiB. */
  private static final int MAX_HEAD_BYTES = 16 * 1024;

  private static final int THREADS = 8;

  /** How long the head of a request may take, and its body. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Server server;
  private final ServerConnector connector;
  private final HttpConnections connections;

  private HttpPort(Server server, ServerConnector connector, HttpConnections connections) {
    this.server = server;
    this.connector = connector;
    this.connections = connections;
  }

  /**
   * How a port is opened.
   *
   * @param address of this machine; null for every one
   * @param number 0 for any free one
   * @param threads what its threads are called, before a number
   * @param tls null for none
   * @param trustedProxies addresses and networks
   * @param proxyProtocol whether trusted proxies begin each connection with a PROXY header
   */
  record Options(
      @Nullable InetAddress address,
      int number,
      String threads,
      @Nullable ServerTls tls,
      Set<String> trustedProxies,
      ProxyProtocol proxyProtocol) {
    static Options plain(@Nullable InetAddress address, int number, String threads) {
      return new Options(address, number, threads, null, Set.of(), ProxyProtocol.OFF);
    }
  }

  /**
   * Opens it.
   *
   * @throws IOException when the port cannot be had
   */
  static HttpPort open(Options options, Handler handler) throws IOException {
    return open(options, PATIENCE, handler);
  }

  /** The same with another patience for slow clients. */
  static HttpPort open(Options options, Duration patience, Handler handler) throws IOException {
    HttpConnections connections = new HttpConnections(options.threads() + "-timer-1", patience);
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 4);
    threads.setName(options.threads() + "-io");
    threads.setDaemon(true);
    threads.setReservedThreads(0);
    Server server = new Server(threads);
    server.setErrorHandler(new HttpErrors());
    server.setHandler(new FramedRequests(handler));
    HttpConnectionFactory http = http();
    ServerTls tls = options.tls();
    HttpGate gate =
        new HttpGate(
            connections,
            networks(options.trustedProxies()),
            options.proxyProtocol() == ProxyProtocol.REQUIRED,
            tls == null ? http : tls(tls, http));
    ServerConnector connector = new BoundedConnector(server, connections, gate, http);
    InetAddress address = options.address();
    connector.setHost(address == null ? null : address.getHostAddress());
    connector.setPort(options.number());
    connector.setIdleTimeout(60_000); // shorter ones are HttpConnections' matter
    server.addConnector(connector);
    try {
      server.start();
    } catch (Exception e) {
      stop(server);
      connections.close();
      throw e instanceof IOException io ? io : new IOException(e.getMessage(), e);
    }
    return new HttpPort(server, connector, connections);
  }

  private static HttpConnectionFactory http() {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setRequestHeaderSize(MAX_HEAD_BYTES);
    configuration.setHttpCompliance(HttpCompliance.STRICT);
    configuration.setUriCompliance(UriCompliance.RFC3986);
    return new HttpConnectionFactory(configuration);
  }

  private static SslConnectionFactory tls(ServerTls tls, HttpConnectionFactory http) {
    SslContextFactory.Server context = new SslContextFactory.Server();
    context.setSslContext(tls.sslContext()); // it shows the newest certificate by itself
    // Which suites is left to Jetty: none without forward secrecy, none by SHA-1.
    context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    context.setRenegotiationAllowed(false);
    return new SslConnectionFactory(context, http.getProtocol());
  }

  private static InetAddressSet networks(Set<String> addresses) {
    InetAddressSet networks = new InetAddressSet();
    addresses.forEach(networks::add);
    return networks;
  }

  /** Which port it is. */
  int number() {
    return connector.getLocalPort();
  }

  @Override
  public void close() {
    stop(server);
    connections.close();
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP port does not close", e);
    }
  }

  /** One whose connections are ours. */
  private static final class BoundedConnector extends ServerConnector {
    private final HttpConnections connections;

    /** The first is where connections begin; the others are looked for by their names. */
    BoundedConnector(
        Server server, HttpConnections connections, HttpGate gate, HttpConnectionFactory http) {
      super(server, 1, 1, gate, gate.client(), http);
      this.connections = connections;
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(
        SocketChannel channel, ManagedSelector selector, SelectionKey key) {
      HttpEndPoint endPoint = new HttpEndPoint(channel, selector, key, getScheduler(), connections);
      endPoint.setIdleTimeout(getIdleTimeout());
      return endPoint;
    }
  }
}
