package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.api.ErrorCode;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Collects the bytes of a request head, in memory that grows with what has come. */
final class HeadReader {
  private static final byte[] END = {'\r', '\n', '\r', '\n'};

  private final int maxBytes;
  private byte[] bytes = {};
  private int length;
  private int scanned;
  private int matched;

  HeadReader(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  boolean isEmpty() {
    return length == 0;
  }

  /** How much may still be read, what follows the head included. */
  int room() {
    return maxBytes - length;
  }

  /**
   * Adds bytes, at most {@link #room()}.
   *
   * @return whether the head is complete
   * @throws RefusedException 400 as soon as this cannot be HTTP, 431 when the room is used up
   */
  boolean add(ByteBuffer in) throws RefusedException {
    int more = in.remaining();
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.min(maxBytes, Math.max(length + more, 2 * length)));
    }
    in.get(bytes, length, more);
    length += more;
    while (scanned < length && matched < END.length) {
      byte next = bytes[scanned++];
      if (isNeverInHead(next)) {
        throw RefusedException.badRequest("this is not an HTTP request");
      }
      matched = next == END[matched] ? matched + 1 : next == END[0] ? 1 : 0;
    }
    if (matched < END.length && room() == 0) {
      throw new RefusedException(
          Refusal.of(
              431,
              ErrorCode.LIMIT_EXCEEDED,
              "the request head is larger than " + maxBytes + " bytes"));
    }
    return matched == END.length;
  }

  /** What a TLS client sends to a plain port is told at its first byte. */
  private static boolean isNeverInHead(byte b) {
    return (b >= 0 && b < ' ' && b != '\r' && b != '\n' && b != '\t') || b == 0x7F;
  }

  /** The complete head. */
  RequestHead head() throws RefusedException {
    return RequestHead.parse(bytes, scanned);
  }

  /** What came after the head. */
  ByteBuffer rest() {
    return ByteBuffer.wrap(bytes, scanned, length - scanned);
  }
}
