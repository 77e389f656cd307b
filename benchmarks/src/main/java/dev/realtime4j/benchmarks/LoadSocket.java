package dev.realtime4j.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;

/**
 * One client of the load: a non-blocking socket and the least of WebSocket that it needs. Once it
 * is open, reading allocates nothing.
 *
 * <p>Thread safety: for the thread of its crowd only.
 */
final class LoadSocket implements AutoCloseable {
  private static final byte[] HEARTBEAT = TextFrame.of("{}");
  private static final byte[] PONG = {(byte) 0x8a, (byte) 0x80, 0, 0, 0, 0};
  private static final String HEAD_END = "\r\n\r\n";
  private static final int LONGEST_OPENING = 65_536;

  private final SocketChannel channel;
  private final String request;
  private final Queue<Contender.Step> opening;
  private final Arrivals arrivals;
  private final int filler;
  private final FrameReader frames = new FrameReader();
  private final StringBuilder heard = new StringBuilder();
  private boolean upgraded;
  private boolean open;
  private byte previous;
  private int fillerLeft;
  private long messages;

  /**
   * Begins to connect.
   *
   * @param receiveBuffer what the kernel may hold for it, in bytes; 0 for what the system thinks
   */
  LoadSocket(
      InetSocketAddress server,
      String target,
      Collection<Contender.Step> opening,
      Message message,
      Arrivals arrivals,
      int receiveBuffer)
      throws IOException {
    this.channel = SocketChannel.open();
    this.request =
        "GET "
            + target
            + " HTTP/1.1\r\nHost: 127.0.0.1:"
            + server.getPort()
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
            + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
            + HEAD_END;
    this.opening = new ArrayDeque<>(opening);
    this.arrivals = arrivals;
    this.filler = message.filler();
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      if (receiveBuffer > 0) {
        channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
      }
      channel.connect(server);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  SocketChannel channel() {
    return channel;
  }

  /** Whether it went through its whole opening. */
  boolean isOpen() {
    return open;
  }

  /** How many messages it has received. */
  long messages() {
    return messages;
  }

  /** How many frames it has received. */
  long frames() {
    return frames.frames();
  }

  /** The TCP connection stands, or failed. */
  void connected() throws IOException {
    channel.finishConnect();
    write(request.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Reads once.
   *
   * @param buffer of an array; its content is of no use afterwards
   */
  void read(ByteBuffer buffer) throws IOException {
    int length = channel.read(buffer.clear());
    if (length < 0) {
      throw new EOFException("the server closed the connection");
    }
    byte[] bytes = buffer.array();
    int from = upgraded ? 0 : head(bytes, length);
    long before = messages;
    frames.read(bytes, from, length, this::text);
    if (messages != before) {
      arrivals.arrived(before, (int) (messages - before));
    }
  }

  private int head(byte[] bytes, int length) throws IOException {
    int at = 0;
    while (at < length && !upgraded) {
      heard.append((char) bytes[at++]);
      upgraded = heard.length() > 3 && heard.indexOf(HEAD_END, heard.length() - 4) >= 0;
    }
    if (upgraded) {
      if (!heard.toString().startsWith("HTTP/1.1 101 ")) {
        throw new IOException("refused: " + heard.substring(0, heard.indexOf("\r\n")));
      }
      heard.setLength(0);
      open = opening.isEmpty();
    }
    return at;
  }

  private void text(byte[] bytes, int from, int to) throws IOException {
    if (!open) {
      follow(bytes, from, to);
    }
    int at = from;
    while (at < to) {
      if (fillerLeft > 0) {
        int skipped = Math.min(fillerLeft, to - at);
        fillerLeft -= skipped;
        at += skipped;
        continue;
      }
      byte next = bytes[at++];
      if (next == Message.MARKER) {
        messages++;
        fillerLeft = filler;
      } else if (next == '}' && previous == '{') {
        write(HEARTBEAT);
      }
      previous = next;
    }
  }

  private void follow(byte[] bytes, int from, int to) throws IOException {
    heard.append(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
    if (heard.indexOf("\"error\"") >= 0 || heard.length() > LONGEST_OPENING) {
      throw new IOException("the opening failed: " + heard);
    }
    Contender.Step step = opening.element();
    if (heard.indexOf(step.awaited()) >= 0) {
      opening.remove();
      heard.setLength(0);
      if (!step.said().isEmpty()) {
        write(TextFrame.of(step.said()));
      }
      open = opening.isEmpty();
    }
  }

  /**
   * Whether the server has cut it off, of a socket that is not read: what waits to be read hides
   * it, so a pong is written that nobody asked for.
   */
  boolean isCutOff() {
    try {
      return channel.write(ByteBuffer.wrap(PONG)) < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  /** For what is small and rare: a socket that does not take it is broken. */
  private void write(byte[] bytes) throws IOException {
    if (channel.write(ByteBuffer.wrap(bytes)) != bytes.length) {
      throw new IOException("the socket does not take " + bytes.length + " bytes");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
