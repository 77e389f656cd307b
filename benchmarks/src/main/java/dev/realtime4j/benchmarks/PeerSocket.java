package dev.realtime4j.benchmarks;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * A client that blocks, with the least of WebSocket that it needs.
 *
 * <p>Thread safety: one thread reads, one writes.
 */
final class PeerSocket implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int TEXT = 1;
  private static final int CLOSE = 8;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  private PeerSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream(), 16384));
    this.out = socket.getOutputStream();
  }

  /**
   * Connects, and does not speak.
   *
   * @param from of the addresses 127.0.0.1 and higher: each has limits of its own
   */
  static PeerSocket connect(InetSocketAddress server, int from) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.setReceiveBufferSize(64 * 1024);
      socket.bind(
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) from}), 0));
      socket.connect(server, TIMEOUT_MILLIS);
      return new PeerSocket(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Opens a socket of a user.
   *
   * @throws IOException also when the server refuses it
   */
  static PeerSocket open(InetSocketAddress server, int from, UUID user) throws IOException {
    PeerSocket peer = connect(server, from);
    try {
      peer.write(handshake(user).getBytes(StandardCharsets.US_ASCII));
      String status = peer.line();
      if (!status.contains(" 101 ")) {
        throw new IOException("refused: " + status);
      }
      while (!peer.line().isEmpty()) {
        // the other fields do not matter
      }
      return peer;
    } catch (IOException e) {
      peer.close();
      throw e;
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
      line.append(c == '\r' ? "" : (char) c);
    }
    return line.toString();
  }

  static String handshake(UUID user) {
    return "GET /ws?token="
        + user
        + " HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  }

  /** Writes bytes as they are. */
  void write(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  /** Sends a text. */
  void send(String text) throws IOException {
    write(TextFrame.of(text));
  }

  /**
   * The next text, however long it takes.
   *
   * @throws IOException also when the server closes the socket
   */
  String read() throws IOException {
    while (true) {
      int opcode = in.readUnsignedByte() & 0x0f;
      byte[] payload = in.readNBytes(length());
      if (opcode == CLOSE) {
        throw new IOException("closed by the server");
      }
      if (opcode == TEXT) {
        return new String(payload, StandardCharsets.UTF_8);
      }
    }
  }

  private int length() throws IOException {
    int length = in.readUnsignedByte() & 0x7f;
    return switch (length) {
      case 126 -> in.readUnsignedShort();
      case 127 -> (int) in.readLong();
      default -> length;
    };
  }

  /** Whether the server has closed it; for one that reads nothing. */
  boolean isClosedByServer() {
    try {
      socket.setSoTimeout(1);
      return in.read() < 0;
    } catch (java.net.SocketTimeoutException stillOpen) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  /** What comes is thrown away, on a thread of its own; the end is told. */
  void discard(Runnable atEnd) {
    Thread reader =
        new Thread(
            () -> {
              try {
                socket.setSoTimeout(0);
                while (true) {
                  read();
                }
              } catch (IOException ended) {
                atEnd.run();
              }
            });
    reader.setDaemon(true);
    reader.start();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      return;
    }
  }
}
