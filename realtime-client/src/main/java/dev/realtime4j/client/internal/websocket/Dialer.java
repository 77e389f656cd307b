package dev.realtime4j.client.internal.websocket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Makes one connection to a server: name, proxy, TCP and TLS, on one thread, so that whatever fails
 * is the cause that is told. Blocks; used once.
 */
final class Dialer {
  private final Endpoint endpoint;
  private final ProxyChoice proxies;
  private final SSLSocketFactory tls;
  private final long end;
  private final Consumer<Socket> opening;

  /**
   * @param within for all of it
   * @param opening is handed each socket before it connects: who closes it ends the dialing
   */
  Dialer(
      Endpoint endpoint,
      ProxyChoice proxies,
      SSLSocketFactory tls,
      Duration within,
      Consumer<Socket> opening) {
    this.endpoint = endpoint;
    this.proxies = proxies;
    this.tls = tls;
    this.end = System.nanoTime() + within.toNanos();
    this.opening = opening;
  }

  /** A socket whose other end is the server; with {@code wss} after the handshake of TLS. */
  Socket dial() throws IOException {
    Socket plain = reach();
    try {
      plain.setTcpNoDelay(true);
      return endpoint.tls() ? secure(plain) : plain;
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw e;
    }
  }

  /** Tries one way after the other. */
  private Socket reach() throws IOException {
    IOException failure = null;
    for (Proxy proxy : proxies.of(endpoint)) {
      try {
        return by(proxy);
      } catch (IOException e) {
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
        proxies.failed(endpoint, proxy, e);
      }
    }
    throw failure == null ? new IOException("there is no way to the server") : failure;
  }

  private Socket by(Proxy proxy) throws IOException {
    if (proxy.type() == Proxy.Type.DIRECT) {
      return connect(endpoint.host(), endpoint.port());
    }
    if (!(proxy.address() instanceof InetSocketAddress address)) {
      throw new IOException("the proxy's address is of a kind that is not known: " + proxy);
    }
    String name = proxy.type() + " proxy " + address.getHostString() + ":" + address.getPort();
    try {
      return proxy.type() == Proxy.Type.SOCKS ? socks(proxy) : tunnel(address);
    } catch (IOException e) {
      throw new IOException(
          "no way to " + endpoint.authority() + " by the " + name + ": " + text(e), e);
    }
  }

  private static String text(IOException e) {
    // Of its own exceptions a tunnel speaks in sentences; those of the JVM need their names.
    return e.getClass() == IOException.class ? String.valueOf(e.getMessage()) : e.toString();
  }

  private Socket socks(Proxy proxy) throws IOException {
    return connect(
        new Socket(proxy),
        endpoint.isAddress()
            ? new InetSocketAddress(InetAddress.getByName(endpoint.host()), endpoint.port())
            : InetSocketAddress.createUnresolved(
                endpoint.host(), endpoint.port()), // it looks it up
        left());
  }

  private Socket tunnel(InetSocketAddress proxy) throws IOException {
    Socket socket =
        new HttpTunnel(
                proxy,
                endpoint.authority(),
                () -> {
                  Socket made = connect(proxy.getHostString(), proxy.getPort());
                  made.setSoTimeout(left());
                  return made;
                })
            .open();
    socket.setSoTimeout(0);
    return socket;
  }

  /** A name may have several addresses, and some of them lead nowhere from here. */
  private Socket connect(String host, int port) throws IOException {
    InetAddress[] addresses = InetAddress.getAllByName(host);
    for (int i = 0; i < addresses.length - 1; i++) {
      try {
        return connect(
            new Socket(Proxy.NO_PROXY),
            new InetSocketAddress(addresses[i], port),
            Math.max(1, left() / (addresses.length - i)));
      } catch (IOException next) {
        left(); // the next one, in the time that is left
      }
    }
    return connect(
        new Socket(Proxy.NO_PROXY),
        new InetSocketAddress(addresses[addresses.length - 1], port),
        left());
  }

  private Socket connect(Socket socket, InetSocketAddress address, int within) throws IOException {
    opening.accept(socket);
    try {
      socket.connect(address, within);
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private int left() throws SocketTimeoutException {
    long millis = (end - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException("no connection to " + endpoint.authority() + " in time");
    }
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }

  private Socket secure(Socket plain) throws IOException {
    boolean ours = CertificateNames.isOurs(endpoint.host());
    try {
      SSLSocket socket =
          (SSLSocket) tls.createSocket(plain, endpoint.host(), endpoint.port(), true);
      SSLParameters parameters = socket.getSSLParameters();
      if (!ours) { // one of ours cannot be told by SNI either: the JVM does not take the name
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
      }
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(left());
      socket.startHandshake();
      if (ours) {
        CertificateNames.check(socket.getSession(), endpoint.host());
      }
      socket.setSoTimeout(0);
      return socket;
    } catch (IOException e) {
      throw new SSLException("TLS with " + endpoint.authority() + " failed: " + e.getMessage(), e);
    }
  }
}
