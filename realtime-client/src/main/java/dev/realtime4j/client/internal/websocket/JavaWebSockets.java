package dev.realtime4j.client.internal.websocket;

import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Sockets of Java-WebSocket: a fresh object for each attempt. */
public final class JavaWebSockets implements SocketFactory {
  private final @Nullable SSLContext tls;
  private final ProxyChoice proxies;
  private final Map<String, String> headers;
  private final Duration connectTimeout;

  /**
   * @param tls for {@code wss}; null for the JVM's own
   * @param proxies which proxy leads to a server; null for the JVM's own
   * @param headers further header fields of the handshake
   */
  public JavaWebSockets(
      @Nullable SSLContext tls,
      @Nullable ProxySelector proxies,
      Map<String, String> headers,
      Duration connectTimeout) {
    this.tls = tls;
    this.proxies = new ProxyChoice(proxies);
    this.headers = Map.copyOf(headers);
    this.connectTimeout = connectTimeout;
  }

  @Override
  public Socket open(URI target, String token, Listener listener) {
    Endpoint endpoint = Endpoint.of(target);
    JavaWebSocket socket =
        new JavaWebSocket(
            endpoint,
            opening -> new Dialer(endpoint, proxies, tlsSockets(), connectTimeout, opening).dial(),
            listener);
    socket.addHeader("Host", endpoint.hostHeader());
    headers.forEach(socket::addHeader);
    socket.addHeader("Authorization", "Bearer " + token);
    socket.begin();
    return socket;
  }

  private SSLSocketFactory tlsSockets() {
    return tls == null ? (SSLSocketFactory) SSLSocketFactory.getDefault() : tls.getSocketFactory();
  }
}
