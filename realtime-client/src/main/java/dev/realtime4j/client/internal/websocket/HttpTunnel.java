package dev.realtime4j.client.internal.websocket;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.Authenticator.RequestorType;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A way through an HTTP proxy by {@code CONNECT} (RFC 9110, section 9.3.6). The JDK has one of its
 * own, but not for sockets on Android, and its failures do not name the proxy.
 */
final class HttpTunnel {
  private static final int MAX_HEAD_BYTES = 16 * 1024;
  private static final Pattern STATUS = Pattern.compile("^HTTP/1\\.[01] (\\d{3})([ -~]{0,80})");
  private static final Pattern CHALLENGE =
      Pattern.compile("\r\nproxy-authenticate:[ \t]*([A-Za-z]+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern BASIC =
      Pattern.compile(
          "\r\nproxy-authenticate:[ \t]*basic(?:[ \t]+realm=\"([^\"\r\n]*)\")?",
          Pattern.CASE_INSENSITIVE);

  /** Makes the connection to the proxy. */
  @FunctionalInterface
  interface Connector {
    Socket connect() throws IOException;
  }

  private final InetSocketAddress proxy;
  private final String target;
  private final Connector connector;

  /**
   * @param target host and port
   */
  HttpTunnel(InetSocketAddress proxy, String target, Connector connector) {
    this.proxy = proxy;
    this.target = target;
    this.connector = connector;
  }

  /** A socket whose other end is the target. */
  Socket open() throws IOException {
    Socket socket = connector.connect();
    String head = ask(socket, null);
    if (status(head) == 407) {
      String credentials = credentials(head);
      socket.close(); // whether it may be used again is known to the proxy only
      socket = connector.connect();
      head = ask(socket, credentials);
    }
    int status = status(head);
    if (status / 100 == 2) {
      return socket;
    }
    socket.close();
    if (status == 407) {
      throw new IOException("it refused the user and the password of the java.net.Authenticator");
    }
    Matcher line = STATUS.matcher(head);
    throw new IOException(
        line.find()
            ? "it answered CONNECT with " + line.group(1) + line.group(2)
            : "what it answered is no HTTP");
  }

  private String ask(Socket socket, @Nullable String credentials) throws IOException {
    String request =
        "CONNECT "
            + target
            + " HTTP/1.1\r\nHost: "
            + target
            + (credentials == null ? "" : "\r\nProxy-Authorization: Basic " + credentials)
            + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return head(socket.getInputStream());
  }

  /** Byte by byte: what comes behind the head is the target's. */
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("it closed the connection instead of answering CONNECT");
      }
      if (head.length() == MAX_HEAD_BYTES) {
        throw new IOException("its answer to CONNECT is too large");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static int status(String head) {
    Matcher status = STATUS.matcher(head);
    return status.find() ? Integer.parseInt(status.group(1)) : 0;
  }

  private String credentials(String head) throws IOException {
    Matcher basic = BASIC.matcher(head);
    if (!basic.find()) {
      Matcher other = CHALLENGE.matcher(head);
      throw new IOException(
          "it asks for credentials by "
              + (other.find() ? other.group(1) : "no known scheme")
              + ", and only Basic can be given");
    }
    PasswordAuthentication known =
        Authenticator.requestPasswordAuthentication(
            proxy.getHostString(),
            proxy.getAddress(),
            proxy.getPort(),
            "http",
            basic.group(1),
            "basic",
            null,
            RequestorType.PROXY);
    if (known == null) {
      throw new IOException(
          "it asks for a user and a password, and no java.net.Authenticator gives them");
    }
    String text = known.getUserName() + ":" + new String(known.getPassword());
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
