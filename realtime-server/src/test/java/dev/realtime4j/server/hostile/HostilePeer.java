package dev.realtime4j.server.hostile;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An attacker's socket. It writes what it is told, and reads to see that the server still answers
 * or has closed: a server that does neither within its patience is stuck.
 */
final class HostilePeer implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final Pattern CODE = Pattern.compile("RT_[A-Z_]+");
  private static final byte[] PING_PAYLOAD = "still there?".getBytes(StandardCharsets.US_ASCII);

  private final Socket socket;
  private final DataInputStream in;
  private final Map<String, LongAdder> seen;
  private boolean ended;

  /**
   * @param seen counts what the server answered: {@code HTTP 400}, {@code close 1002}, {@code
   *     RT_BAD_REQUEST}
   */
  HostilePeer(int port, Map<String, LongAdder> seen) throws IOException {
    this.seen = seen;
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  /** Opens a WebSocket in order. */
  HostilePeer open(String target) throws IOException {
    String status = handshake(target);
    if (!status.contains(" 101 ")) {
      throw new AssertionError("a valid handshake was answered " + status);
    }
    return this;
  }

  /** The same; false when it was refused, which is counted. */
  boolean tryOpen(String target) throws IOException {
    String status = handshake(target);
    boolean open = status.contains(" 101 ");
    if (!open) {
      count("HTTP " + status.substring(9, 12));
    }
    return open;
  }

  private String handshake(String target) throws IOException {
    write(
        ("GET "
                + target
                + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    return readHead();
  }

  /** Writes; a server that has closed meanwhile is no fault. */
  void write(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException closed) {
      ended = true;
    }
  }

  void text(String text) {
    write(HostileBytes.frame(0x81, text.getBytes(StandardCharsets.UTF_8), 0x1234_5678));
  }

  /** Asks for a sign of life and waits for it or for the end; false at the end. */
  boolean isAlive() throws IOException {
    write(HostileBytes.frame(0x89, PING_PAYLOAD, 0));
    try {
      while (!ended) {
        if (frame()) {
          return true;
        }
      }
    } catch (EOFException | SocketException closed) {
      ended = true;
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the server neither answers nor closes", e);
    }
    return false;
  }

  /** Says that nothing more will come, and waits for the server's end. */
  void finish() {
    try {
      socket.shutdownOutput();
      byte[] rest = in.readAllBytes();
      String text = new String(rest, StandardCharsets.ISO_8859_1);
      if (text.startsWith("HTTP/1.1 ")) {
        count("HTTP " + text.substring(9, 12));
      }
      countCodes(text);
      countClose(rest);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the server does not close", e);
    } catch (IOException closed) {
      count("reset");
    }
  }

  /** Whether the frame was the pong. */
  private boolean frame() throws IOException {
    int first = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = (int) in.readLong();
    }
    byte[] payload = in.readNBytes(length);
    switch (first & 0xF) {
      case 0x1 -> countCodes(new String(payload, StandardCharsets.UTF_8));
      case 0x8 -> {
        count("close " + (ByteBuffer.wrap(payload).getShort() & 0xFFFF));
        ended = true; // the server would wait for an answer
      }
      case 0x9 -> throw new AssertionError("the server never pings by WebSocket");
      default -> {
        return (first & 0xF) == 0xA;
      }
    }
    return false;
  }

  private String readHead() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return head.substring(0, head.indexOf("\r\n"));
  }

  private void countCodes(String text) {
    Matcher codes = CODE.matcher(text);
    while (codes.find()) {
      count(codes.group());
    }
  }

  /** The last thing that a server says is its close frame, shorter than 126 bytes. */
  private void countClose(byte[] rest) {
    for (int i = Math.max(0, rest.length - 127); i + 3 < rest.length; i++) {
      if ((rest[i] & 0xFF) == 0x88 && rest[i + 1] == rest.length - i - 2) {
        count("close " + (ByteBuffer.wrap(rest, i + 2, 2).getShort() & 0xFFFF));
        return;
      }
    }
  }

  private void count(String what) {
    seen.computeIfAbsent(what, key -> new LongAdder()).increment();
  }

  /** By a reset, so that a million of them use up no ports. */
  @Override
  public void close() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }
}
