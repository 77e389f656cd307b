package dev.realtime4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All sockets of the load, on the one thread that calls it.
 *
 * <p>Lifecycle: closing it closes its sockets.
 */
final class Crowd implements AutoCloseable {
  /** Handshakes under way at a time: below the backlog that Java gives a server by default. */
  private static final int AT_A_TIME = 32;

  private static final int READ_BYTES = 64 * 1024;

  private final InetSocketAddress server;
  private final Contender contender;
  private final Message message;
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
  private final List<LoadSocket> all = new ArrayList<>();
  private int underWay;
  private int failures;
  private @Nullable IOException lastFailure;

  Crowd(InetSocketAddress server, Contender contender, Message message) throws IOException {
    this.server = server;
    this.contender = contender;
    this.message = message;
    this.selector = Selector.open();
  }

  /** Opens sockets, one after the other but for a few at a time; those that fail are counted. */
  List<LoadSocket> open(
      int count, Collection<Contender.Step> opening, Arrivals arrivals, Duration atMost)
      throws IOException {
    long deadline = System.nanoTime() + atMost.toNanos();
    List<LoadSocket> opened = new ArrayList<>(count);
    while (opened.size() < count || underWay > 0) {
      while (opened.size() < count && underWay < AT_A_TIME) {
        opened.add(begin(opening, arrivals));
      }
      turn(100);
      if (System.nanoTime() > deadline) {
        throw new IOException(underWay + " handshakes hang, after " + opened.size());
      }
    }
    return opened;
  }

  /** Begins to open a socket; the turns do the rest. */
  LoadSocket begin(Collection<Contender.Step> opening, Arrivals arrivals) throws IOException {
    return begin(opening, arrivals, 0);
  }

  /** The same, for a client whose kernel may hold only so many bytes. */
  LoadSocket begin(Collection<Contender.Step> opening, Arrivals arrivals, int receiveBuffer)
      throws IOException {
    LoadSocket socket =
        new LoadSocket(server, contender.target(), opening, message, arrivals, receiveBuffer);
    all.add(socket);
    underWay++;
    socket.channel().register(selector, SelectionKey.OP_CONNECT, socket);
    return socket;
  }

  /** Reads what has arrived; waits for it at most so long, 0 for not at all. */
  void turn(long millis) throws IOException {
    if (millis > 0) {
      selector.select(this::ready, millis);
    } else {
      selector.selectNow(this::ready);
    }
  }

  /** Reads no more from a socket; the server is not told. */
  void stall(LoadSocket socket) {
    SelectionKey key = socket.channel().keyFor(selector);
    if (key != null) {
      key.interestOps(0);
    }
  }

  /** Closes a socket on purpose. */
  void drop(LoadSocket socket) throws IOException {
    all.remove(socket);
    socket.close();
  }

  /** How many sockets failed or were closed by the server. */
  int failures() {
    return failures;
  }

  /**
   * @throws IOException when a socket is lost
   */
  void checkWhole() throws IOException {
    if (lastFailure != null) {
      throw new IOException(
          failures + " sockets are lost: " + lastFailure.getMessage(), lastFailure);
    }
  }

  private void ready(SelectionKey key) {
    LoadSocket socket = (LoadSocket) key.attachment();
    boolean wasOpen = socket.isOpen();
    try {
      if (key.isConnectable()) {
        socket.connected();
        key.interestOps(SelectionKey.OP_READ);
      } else {
        socket.read(buffer);
      }
      if (!wasOpen && socket.isOpen()) {
        underWay--;
      }
    } catch (IOException e) {
      underWay -= wasOpen ? 0 : 1;
      failures++;
      lastFailure = e;
      close(socket);
    }
  }

  private static void close(LoadSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    all.forEach(Crowd::close);
    selector.close();
  }
}
