package dev.realtime4j.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Sends the same message again and again, each in a frame of its own. */
final class Publisher {
  private static final int FRAMES = 64;

  private final SocketChannel channel;
  private final ByteBuffer frames; // a run of frames that begins anew at its end
  private long bytesLeft;
  private long published;

  Publisher(LoadSocket socket, String text) {
    this.channel = socket.channel();
    byte[] frame = TextFrame.of(text);
    this.frames = ByteBuffer.allocateDirect(frame.length * FRAMES);
    while (frames.hasRemaining()) {
      frames.put(frame);
    }
    frames.clear();
  }

  /** How many messages were published, those included that the socket has not taken yet. */
  long published() {
    return published;
  }

  void publish(long count) {
    published += count;
    bytesLeft += count * (frames.capacity() / FRAMES);
  }

  /**
   * Writes as much as the socket takes.
   *
   * @return whether that was all
   */
  boolean flush() throws IOException {
    while (bytesLeft > 0) {
      frames.limit((int) Math.min(frames.capacity(), frames.position() + bytesLeft));
      int written = channel.write(frames);
      if (written == 0) {
        return false;
      }
      bytesLeft -= written;
      if (frames.position() == frames.capacity()) {
        frames.clear();
      }
    }
    return true;
  }
}
