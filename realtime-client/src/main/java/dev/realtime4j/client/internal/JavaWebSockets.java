package dev.realtime4j.client.internal;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Sockets of Java-WebSocket: a fresh object for each attempt. */
public final class JavaWebSockets implements SocketFactory {
  private final @Nullable SSLContext tls;
  private final Map<String, String> headers;
  private final Duration connectTimeout;

  /**
   * @param tls for {@code wss}; null for the JVM's own
   * @param headers further header fields of the handshake
   */
  public JavaWebSockets(
      @Nullable SSLContext tls, Map<String, String> headers, Duration connectTimeout) {
    this.tls = tls;
    this.headers = Map.copyOf(headers);
    this.connectTimeout = connectTimeout;
  }

  @Override
  public Socket open(URI endpoint, String token, Listener listener) {
    JavaWebSocket socket = new JavaWebSocket(endpoint, connectTimeout, listener);
    headers.forEach(socket::addHeader);
    socket.addHeader("Authorization", "Bearer " + token);
    if (tls != null && "wss".equals(endpoint.getScheme())) {
      socket.setSocketFactory(tls.getSocketFactory());
    }
    socket.begin();
    return socket;
  }
}
