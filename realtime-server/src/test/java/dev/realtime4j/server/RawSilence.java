package dev.realtime4j.server;

import dev.realtime4j.api.UserId;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A raw socket that opens a WebSocket and then never says anything. */
final class RawSilence implements AutoCloseable {
  private final Socket socket;

  private RawSilence(Socket socket) {
    this.socket = socket;
  }

  static RawSilence open(RealtimeServer server, UserId user) throws IOException {
    Socket socket = new Socket("127.0.0.1", server.port());
    socket.setSoTimeout(10_000);
    socket
        .getOutputStream()
        .write(
            ("GET /ws?token="
                    + user
                    + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
    return new RawSilence(socket);
  }

  /** Everything the server sent until it closed the connection. */
  String readUntilClosed() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** What one read gives. */
  int read(byte[] into) throws IOException {
    return socket.getInputStream().read(into);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
