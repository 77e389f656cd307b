package dev.realtime4j.server.internal.websocket;

import java.nio.ByteBuffer;

/**
 * Bytes of one connection that cannot be read yet, in order: the beginning of a frame, and what
 * came while reading was paused. Used on one thread.
 */
final class HeldBytes {
  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  /** What is held lies between its position and its limit. */
  private ByteBuffer bytes = NONE;

  boolean isEmpty() {
    return !bytes.hasRemaining();
  }

  /** What is held, to be read from the front; valid until the next {@link #add}. */
  ByteBuffer front() {
    return bytes;
  }

  /**
   * Adds to the end. Grows with what has really come, not with what a header promises.
   *
   * @param from where the bytes are taken from
   * @param count how many of them
   * @param expected how many bytes there will be at most, as far as is known; 0 for unknown
   */
  void add(ByteBuffer from, int count, int expected) {
    if (count == 0) {
      return;
    }
    int held = bytes.remaining();
    if (bytes.capacity() - bytes.limit() < count) {
      int needed = held + count;
      int roomy = Math.min(Math.max(2 * held, needed), Math.max(expected, needed));
      ByteBuffer larger = ByteBuffer.allocate(roomy).put(bytes).flip();
      bytes = larger;
    }
    int end = bytes.limit();
    bytes.limit(end + count);
    bytes.put(end, from, from.position(), count);
    from.position(from.position() + count);
  }

  /** Gives back the memory of what was read, once that is the larger part. */
  void trim() {
    if (!bytes.hasRemaining()) {
      bytes = NONE;
    } else if (bytes.position() > bytes.capacity() / 2) {
      bytes = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    }
  }
}
