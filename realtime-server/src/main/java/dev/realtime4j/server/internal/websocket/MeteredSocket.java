package dev.realtime4j.server.internal.websocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A socket, and what the bytes that pass say about its client. They are counted below TLS: half a
 * record is a sign of life, too.
 *
 * <p>Used on its loop's thread only, but for {@link #bytesWritten}.
 */
final class MeteredSocket implements ByteChannel {
  private final SocketChannel socket;
  private final AtomicLong written = new AtomicLong();
  private boolean full;
  private boolean signOfLife;

  MeteredSocket(SocketChannel socket) {
    this.socket = socket;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int count = socket.read(into);
    signOfLife |= count > 0;
    return count;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    int count = socket.write(from);
    if (count > 0) {
      // A full one takes more only once the client's kernel has said that it got some.
      signOfLife |= full;
      written.setOpaque(written.getPlain() + count); // One thread writes.
    }
    full = from.hasRemaining();
    return count;
  }

  /** Whether there was a sign of life since the last call. */
  boolean takeSignOfLife() {
    boolean taken = signOfLife;
    signOfLife = false;
    return taken;
  }

  /** How many bytes the kernel has taken. Any thread. */
  long bytesWritten() {
    return written.getOpaque();
  }

  void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
