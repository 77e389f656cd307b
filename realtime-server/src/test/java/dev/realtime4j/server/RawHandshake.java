package dev.realtime4j.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A handshake by hand: what goes in byte for byte, and what the server answers. */
final class RawHandshake implements AutoCloseable {
  private final Socket socket;
  private String head = "";

  RawHandshake(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
  }

  /** A complete request; its answer is not waited for. */
  static RawHandshake begin(RealtimeServer server, String target, String... headers)
      throws IOException {
    RawHandshake handshake = new RawHandshake(server.port());
    handshake.write(request(target, headers));
    return handshake;
  }

  /** All that comes until the server closes. */
  String answer() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** A complete request; reads the head of the answer. */
  RawHandshake send(String target, String... headers) throws IOException {
    write(request(target, headers));
    return readHead();
  }

  static String request(String target, String... headers) {
    return "GET "
        + target
        + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n")
        + "\r\n";
  }

  void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Up to the empty line, or to the end if the server has none. */
  RawHandshake readHead() throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder text = new StringBuilder();
    int next = in.read();
    while (next >= 0) {
      text.append((char) next);
      boolean ended = text.length() >= 4 && text.indexOf("\r\n\r\n", text.length() - 4) >= 0;
      next = ended ? -1 : in.read();
    }
    head = text.toString();
    return this;
  }

  /** For example {@code HTTP/1.1 101 Switching Protocols}. */
  String statusLine() {
    return head.lines().findFirst().orElse("");
  }

  String head() {
    return head;
  }

  Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
