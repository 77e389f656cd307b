package dev.realtime4j.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Shakes hands as a WebSocket server does, and then does what a test says, byte by byte. */
final class FrameServer implements AutoCloseable {
  /** What it does with a connection; it is closed afterwards. */
  @FunctionalInterface
  interface Script {
    void serve(InputStream in, OutputStream out) throws IOException;
  }

  static final String WELCOME =
      "{\"event\":\"connected\",\"data\":{\"user_id\":\""
          + ScriptedServer.USER
          + "\",\"heartbeat_interval_ms\":25000,\"heartbeat_timeout_ms\":10000,\"cursor\":\"c1\"}}";

  private static final Pattern KEY = Pattern.compile("(?i)sec-websocket-key: *(\\S+)");

  final List<Socket> accepted = new CopyOnWriteArrayList<>();
  final List<String> heads = new CopyOnWriteArrayList<>();
  private final ServerSocket server;
  private final Script script;

  FrameServer(Script script) throws IOException {
    this.script = script;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::acceptAll);
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/ws");
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = server.accept();
        accepted.add(socket);
        start(() -> serve(socket));
      }
    } catch (IOException closed) {
      return;
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      String head = head(socket.getInputStream());
      heads.add(head);
      socket.getOutputStream().write(answer(head).getBytes(StandardCharsets.US_ASCII));
      script.serve(socket.getInputStream(), socket.getOutputStream());
      socket.shutdownOutput();
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException gone) {
      return;
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no head");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static String answer(String head) {
    Matcher key = KEY.matcher(head);
    if (!key.find()) {
      throw new IllegalStateException("no key in " + head);
    }
    try {
      byte[] sum =
          MessageDigest.getInstance("SHA-1")
              .digest(
                  (key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                      .getBytes(StandardCharsets.US_ASCII));
      return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: "
          + Base64.getEncoder().encodeToString(sum)
          + "\r\n\r\n";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A frame of a server: the first byte, the shortest length, the payload. */
  static byte[] frame(int firstByte, byte[] payload) {
    int extra = payload.length <= 125 ? 0 : 2;
    byte[] frame = new byte[2 + extra + payload.length];
    frame[0] = (byte) firstByte;
    frame[1] = (byte) (extra == 0 ? payload.length : 126);
    if (extra == 2) {
      frame[2] = (byte) (payload.length >> 8);
      frame[3] = (byte) payload.length;
    }
    System.arraycopy(payload, 0, frame, 2 + extra, payload.length);
    return frame;
  }

  static byte[] text(String text) {
    return frame(0x81, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "frame-server");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : accepted) {
      socket.close();
    }
  }
}
