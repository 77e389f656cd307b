package dev.realtime4j.server.internal.websocket;

import java.nio.ByteBuffer;

/**
 * The fragments of an unfinished message, in one growing buffer: a fragment costs its bytes and
 * nothing else. The gate bounds the sum of the bytes, this class the number of fragments.
 */
final class Fragments {
  /** Empty fragments for ever would be work that no rate limit sees. */
  static final int MAX_FRAGMENTS = 1024;

  private final boolean text;
  private ByteBuffer collected = ByteBuffer.allocate(0);
  private int bytes;
  private int count;

  Fragments(boolean text) {
    this.text = text;
  }

  boolean isText() {
    return text;
  }

  /** How many bytes of payload have come. */
  int bytes() {
    return bytes;
  }

  void add(ByteBuffer payload) throws ProtocolViolation {
    if (++count > MAX_FRAGMENTS) {
      throw new ProtocolViolation(
          ProtocolViolation.TOO_BIG, "a message has at most " + MAX_FRAGMENTS + " fragments");
    }
    bytes += payload.remaining();
    if (!text) {
      return; // Nobody reads binary messages: counting is enough.
    }
    if (collected.remaining() < payload.remaining()) {
      int roomy = Math.max(bytes, 2 * collected.capacity());
      collected = ByteBuffer.allocate(roomy).put(collected.flip());
    }
    collected.put(payload);
  }

  /** The whole payload of a text; nothing may be added afterwards. */
  ByteBuffer payload() {
    return collected.flip();
  }
}
