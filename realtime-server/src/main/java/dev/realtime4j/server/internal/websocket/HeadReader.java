package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.api.ErrorCode;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Collects the bytes of a request head, in memory that grows with what has come. */
final class HeadReader {
  private static final byte[] END = {'\r', '\n', '\r', '\n'};

  /** RFC 9112, 2.2: empty lines before the request are ignored; nobody sends many. */
  private static final int MOST_EMPTY_LINES = 8;

  private final int maxBytes;
  private byte[] bytes = {};
  private int length;

  /** Where the request line begins. */
  private int start;

  private boolean begun;
  private int emptyLines;
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
   * @throws HandshakeRejectedException 400 as soon as this cannot be HTTP, 431 when the room is
   *     used up
   */
  boolean add(ByteBuffer in) throws HandshakeRejectedException {
    int more = in.remaining();
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.min(maxBytes, Math.max(length + more, 2 * length)));
    }
    in.get(bytes, length, more);
    length += more;
    while (scanned < length && matched < END.length) {
      byte next = bytes[scanned++];
      if (isNeverInHead(next)) {
        throw HandshakeRejectedException.badRequest("this is not an HTTP request");
      }
      if (!begun && skips(next)) {
        continue;
      }
      if (endsLine(next) != isAfterReturn()) {
        throw HandshakeRejectedException.badRequest("a line of the request does not end in CR LF");
      }
      matched = next == END[matched] ? matched + 1 : next == END[0] ? 1 : 0;
    }
    if (matched < END.length && room() == 0) {
      throw new HandshakeRejectedException(
          HandshakeRejection.of(
              431,
              ErrorCode.LIMIT_EXCEEDED,
              "the request head is larger than " + maxBytes + " bytes"));
    }
    return matched == END.length;
  }

  /** Skips empty lines before the request; false for its first byte. */
  private boolean skips(byte next) throws HandshakeRejectedException {
    int at = scanned - 1 - start;
    if (next == END[at]) {
      if (at == 1) {
        start = scanned;
        emptyLines++;
      }
      if (emptyLines <= MOST_EMPTY_LINES) {
        return true;
      }
    }
    if (at > 0) {
      throw HandshakeRejectedException.badRequest("this is not an HTTP request");
    }
    begun = true;
    return false;
  }

  /** RFC 9112, 2.2 lets a reader take a lone LF for an end of line: so two read two heads. */
  private static boolean endsLine(byte next) {
    return next == '\n';
  }

  private boolean isAfterReturn() {
    return scanned - 2 >= start && bytes[scanned - 2] == '\r';
  }

  /** What a TLS client sends to a plain port is told at its first byte. */
  private static boolean isNeverInHead(byte b) {
    return (b >= 0 && b < ' ' && b != '\r' && b != '\n' && b != '\t') || b == 0x7F;
  }

  /** The complete head. */
  RequestHead head() throws HandshakeRejectedException {
    return RequestHead.parse(bytes, start, scanned);
  }

  /** All that came. */
  ByteBuffer all() {
    return ByteBuffer.wrap(bytes, 0, length);
  }

  /** What came after the head. */
  ByteBuffer rest() {
    return ByteBuffer.wrap(bytes, scanned, length - scanned);
  }
}
