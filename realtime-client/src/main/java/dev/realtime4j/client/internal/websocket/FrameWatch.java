package dev.realtime4j.client.internal.websocket;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Follows the frames of a connection through the bytes as they arrive: whether one has arrived in
 * part, and what a close frame really said. The library hands over whole messages only, and takes a
 * close frame without a code, which is 1005 (RFC 6455, section 7.1.5), for one of 1000.
 *
 * <p>Used by the reading thread only.
 */
final class FrameWatch {
  /** A close frame without a code. */
  static final int NO_CODE = 1005;

  /** The connection broke the protocol. */
  static final int PROTOCOL_ERROR = 1002;

  private static final int CLOSING = 8;
  private static final int MAX_CONTROL_BYTES = 125;

  private final byte[] header = new byte[14];
  private final byte[] closePayload = new byte[MAX_CONTROL_BYTES];
  private int headerBytes;
  private int closePayloadBytes;
  private long left;
  private boolean betweenFragments;
  private boolean closed;

  /** Takes what arrived; the buffer's position moves. */
  void see(ByteBuffer bytes) {
    while (bytes.hasRemaining() && !closed) {
      if (left > 0) {
        payload(bytes);
      } else {
        header[headerBytes++] = bytes.get();
        if (headerBytes == headerLength()) {
          begin();
        }
      }
    }
  }

  /** Whether a message has arrived in part. */
  boolean isInside() {
    return headerBytes > 0 || left > 0 || betweenFragments;
  }

  /** Whether a close frame has arrived. */
  boolean isClosed() {
    return closed;
  }

  /** What the close frame says: its code, {@link #NO_CODE}, or {@link #PROTOCOL_ERROR}. */
  int closeCode() {
    if (closePayloadBytes == 0) {
      return NO_CODE;
    }
    int code = closePayloadBytes == 1 ? 0 : (closePayload[0] & 0xff) << 8 | closePayload[1] & 0xff;
    boolean sendable = code >= 1000 && code <= 4999 && (code < 1004 || code > 1006) && code != 1015;
    return sendable && isText() ? code : PROTOCOL_ERROR;
  }

  /** The reason in the close frame; empty when there is none, or none that can be read. */
  String closeReason() {
    return closePayloadBytes < 2 || !isText()
        ? ""
        : new String(closePayload, 2, closePayloadBytes - 2, StandardCharsets.UTF_8);
  }

  private boolean isText() {
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(closePayload, 2, closePayloadBytes - 2));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private int headerLength() {
    if (headerBytes < 2) {
      return 2;
    }
    int length = header[1] & 0x7f;
    int mask = (header[1] & 0x80) == 0 ? 0 : 4;
    return 2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + mask;
  }

  private void begin() {
    int length = header[1] & 0x7f;
    left = length;
    if (length >= 126) {
      left = 0;
      for (int i = 2; i < (length == 126 ? 4 : 10); i++) {
        left = left << 8 | header[i] & 0xff;
      }
    }
    if (opcode() < CLOSING) {
      betweenFragments = (header[0] & 0x80) == 0;
    }
    ended();
  }

  private void payload(ByteBuffer bytes) {
    int count = (int) Math.min(left, bytes.remaining());
    if (opcode() == CLOSING) {
      int kept = Math.min(count, MAX_CONTROL_BYTES - closePayloadBytes);
      bytes.duplicate().get(closePayload, closePayloadBytes, kept);
      closePayloadBytes += kept;
    }
    Buffer skipped = bytes; // by its own name the method is newer than some phones
    skipped.position(skipped.position() + count);
    left -= count;
    ended();
  }

  private void ended() {
    if (left <= 0) {
      closed = opcode() == CLOSING;
      headerBytes = 0;
      left = 0;
    }
  }

  private int opcode() {
    return header[0] & 0x0f;
  }
}
