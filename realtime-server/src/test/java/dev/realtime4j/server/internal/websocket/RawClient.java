package dev.realtime4j.server.internal.websocket;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client that can send anything, right or wrong. */
final class RawClient implements AutoCloseable {
  static final String REQUEST =
      "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

  final Socket socket;
  private final DataInputStream in;

  private RawClient(Socket connected) throws IOException {
    socket = connected;
    in = new DataInputStream(socket.getInputStream());
  }

  private RawClient(int port, int receiveBuffer) throws IOException {
    socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(10_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    in = new DataInputStream(socket.getInputStream());
  }

  /** Over a socket that is connected, for example with TLS. */
  static RawClient over(Socket socket) throws IOException {
    return new RawClient(socket);
  }

  static RawClient connect(int port) {
    return connect(port, 0);
  }

  static RawClient connect(int port, int receiveBuffer) {
    try {
      return new RawClient(port, receiveBuffer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connects and completes the handshake. */
  static RawClient open(int port) {
    RawClient client = connect(port);
    client.handshake();
    return client;
  }

  void handshake() {
    send(REQUEST);
    String head = readHead();
    if (!head.startsWith("HTTP/1.1 101 ")) {
      throw new AssertionError(head);
    }
  }

  RawClient send(String ascii) {
    return send(ascii.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte... bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawClient text(String text) {
    return send(frame(0x81, text.getBytes(StandardCharsets.UTF_8)));
  }

  /** A masked frame. */
  static byte[] frame(int firstByte, byte... payload) {
    int length = payload.length;
    ByteBuffer frame = ByteBuffer.allocate(14 + length);
    frame.put((byte) firstByte);
    if (length < 126) {
      frame.put((byte) (0x80 | length));
    } else if (length < 65536) {
      frame.put((byte) (0x80 | 126)).putShort((short) length);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(length);
    }
    byte[] mask = {0x12, 0x34, 0x56, 0x78};
    frame.put(mask);
    for (int i = 0; i < length; i++) {
      frame.put((byte) (payload[i] ^ mask[i % 4]));
    }
    byte[] bytes = new byte[frame.position()];
    frame.flip().get(bytes);
    return bytes;
  }

  static byte[] closeFrame(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    ByteBuffer payload = ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text);
    return frame(0x88, payload.array());
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** A frame as the server sends it. */
  record Received(int firstByte, byte[] payload) {
    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** For example {@code close 1002 because}, {@code text hello}, {@code pong hello}. */
    @Override
    public String toString() {
      return switch (firstByte) {
        case 0x81 -> "text " + text();
        case 0x8A -> "pong " + text();
        case 0x88 ->
            payload.length == 0
                ? "close"
                : "close "
                    + (ByteBuffer.wrap(payload).getShort() & 0xFFFF)
                    + " "
                    + new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        default -> "frame " + firstByte;
      };
    }
  }

  Received receive() {
    try {
      int first = in.readUnsignedByte();
      int length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = (int) in.readLong();
      }
      return new Received(first, in.readNBytes(length));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String read() {
    return receive().toString();
  }

  /** The head of an HTTP answer. */
  String readHead() {
    try {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.readUnsignedByte());
      }
      return head.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that comes until the server ends the connection in order. */
  String readAll() {
    try {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the connection is over; a reset counts. */
  boolean isEnded() {
    try {
      InputStream rest = socket.getInputStream();
      return rest.read() < 0;
    } catch (EOFException e) {
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
