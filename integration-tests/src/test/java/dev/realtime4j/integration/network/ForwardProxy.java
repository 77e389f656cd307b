package dev.realtime4j.integration.network;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A forward proxy on one port: HTTP by CONNECT, and SOCKS 5 (RFC 1928, 1929). Every name leads to
 * this machine, so that tests may have servers of any name.
 */
final class ForwardProxy implements AutoCloseable {
  /** What it was asked for, as {@code host:port}. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile String refusal = "";
  private volatile String credentials = "";

  ForwardProxy() throws IOException {
    start(this::acceptAll);
  }

  int port() {
    return listening.getLocalPort();
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
  }

  /**
   * Answers each CONNECT so, for example {@code 403 Forbidden}; SOCKS with "not allowed by
   * ruleset".
   */
  ForwardProxy refusing(String statusLine) {
    refusal = statusLine;
    return this;
  }

  /** Asks for credentials, {@code user:password}. */
  ForwardProxy asking(String userAndPassword) {
    credentials = userAndPassword;
    return this;
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket client = listening.accept();
        sockets.add(client);
        start(() -> serve(client));
      }
    } catch (IOException closed) {
      return;
    }
  }

  private void serve(Socket client) {
    try (client) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      int first = in.read();
      int port = first == 5 ? socks(in, client.getOutputStream()) : http(first, in, client);
      if (port > 0) {
        relay(client, port);
      }
    } catch (IOException gone) {
      return;
    }
  }

  private int http(int first, InputStream in, Socket client) throws IOException {
    StringBuilder head = new StringBuilder().append((char) first);
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    String target = head.substring("CONNECT ".length(), head.indexOf(" HTTP/1.1"));
    asked.add(target);
    String given =
        "Proxy-Authorization: Basic "
            + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    boolean unknown = !credentials.isEmpty() && head.indexOf(given) < 0;
    String answer =
        !refusal.isEmpty()
            ? refusal
            : unknown
                ? "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\""
                : "200 Connection established";
    client.getOutputStream().write(("HTTP/1.1 " + answer + "\r\n\r\n").getBytes());
    return answer.startsWith("200") ? port(target) : 0;
  }

  private int socks(DataInputStream in, OutputStream out) throws IOException {
    in.readFully(new byte[in.read()]); // the methods that the client knows
    out.write(new byte[] {5, (byte) (credentials.isEmpty() ? 0 : 2)});
    if (!credentials.isEmpty()) {
      in.read();
      String user = new String(in.readNBytes(in.read()), StandardCharsets.UTF_8);
      String password = new String(in.readNBytes(in.read()), StandardCharsets.UTF_8);
      boolean known = credentials.equals(user + ":" + password);
      out.write(new byte[] {1, (byte) (known ? 0 : 1)});
      if (!known) {
        return 0;
      }
    }
    in.readFully(new byte[3]);
    int kind = in.read();
    byte[] name = in.readNBytes(kind == 3 ? in.read() : kind == 1 ? 4 : 16);
    String host =
        kind == 3
            ? new String(name, StandardCharsets.US_ASCII)
            : InetAddress.getByAddress(name).getHostAddress();
    int port = in.readUnsignedShort();
    asked.add(host + ":" + port);
    out.write(new byte[] {5, (byte) (refusal.isEmpty() ? 0 : 2), 0, 1, 0, 0, 0, 0, 0, 0});
    return refusal.isEmpty() ? port : 0;
  }

  private static int port(String target) {
    return Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
  }

  private void relay(Socket client, int port) throws IOException {
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      sockets.add(server);
      start(() -> pump(server, client));
      client.getInputStream().transferTo(server.getOutputStream());
    }
  }

  private static void pump(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException gone) {
      return;
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "forward-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
