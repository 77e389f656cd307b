package dev.realtime4j.server.internal.websocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A connection of a trusted proxy, up to the end of its PROXY header. Reads the socket itself,
 * below TLS, and not one byte behind the header.
 */
final class ProxyHeaderState implements ChannelState {
  /** What comes behind the header. */
  @FunctionalInterface
  interface Next {
    /**
     * @param timeout how long it has
     */
    ChannelState stage(SocketHandler link, Duration timeout);
  }

  private final SocketHandler link;
  private final ProxiedConnections proxied;
  private final Next next;
  private final Duration timeout;
  private final LongSupplier nanoTime;
  private final long start;
  private ByteBuffer read = ByteBuffer.allocate(64);

  /**
   * @param timeout for the header and what comes behind it together
   */
  ProxyHeaderState(SocketHandler link, ProxiedConnections proxied, Next next, Duration timeout) {
    this.link = link;
    this.proxied = proxied;
    this.next = next;
    this.timeout = timeout;
    this.nanoTime = link.loop().nanoTime();
    this.start = nanoTime.getAsLong();
    link.readInTheClear(true);
  }

  @Override
  public void entered() {
    link.deadline(timeout);
  }

  @Override
  public void readable() throws IOException {
    try {
      int lacking = ProxyHeader.lacking(read.duplicate().flip());
      while (lacking > 0) {
        ByteBuffer part = link.loop().readBuffer().clear().limit(lacking);
        int count = link.readClear(part);
        if (count < 0) {
          ended();
        }
        if (count <= 0) {
          return;
        }
        add(part.flip());
        lacking = ProxyHeader.lacking(read.duplicate().flip());
      }
      goOn(ProxyHeader.parse(read.flip()));
    } catch (ProxyHeader.MalformedException e) {
      proxied.refused(link.remoteAddress(), String.valueOf(e.getMessage()));
      link.close();
    }
  }

  private void add(ByteBuffer part) {
    if (read.remaining() < part.remaining()) {
      int needed = read.position() + part.remaining();
      read = ByteBuffer.allocate(needed + 64).put(read.flip());
    }
    read.put(part);
  }

  /** A proxy that only looks whether the port is open says nothing. */
  private void ended() throws IOException {
    if (read.position() > 0) {
      proxied.refused(link.remoteAddress(), "half a PROXY header");
    }
    link.close();
  }

  private void goOn(ProxyHeader header) throws IOException {
    if (header.source() != null) {
      link.remoteAddress(header.source());
    }
    link.readInTheClear(false);
    Duration left = timeout.minusNanos(nanoTime.getAsLong() - start);
    link.enter(next.stage(link, left.isNegative() ? Duration.ZERO : left));
  }

  @Override
  public void writable() {
    // Nothing is written before it is known to whom.
  }

  @Override
  public void overdue() throws IOException {
    if (read.position() > 0) {
      proxied.refused(link.remoteAddress(), "a PROXY header that did not come in time");
    }
    link.close();
  }

  @Override
  public void shutDown() {
    link.close();
  }

  @Override
  public void closed() {
    // No session knows of it.
  }
}
