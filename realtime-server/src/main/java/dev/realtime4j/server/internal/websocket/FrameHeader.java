package dev.realtime4j.server.internal.websocket;

import java.nio.ByteBuffer;

/**
 * Reads the header of a frame before anything is spent on it: what Java-WebSocket checks late or
 * not at all. A pure function of the header and of the fragments before it.
 */
final class FrameHeader {
  /** No opcode, mask or length of a frame is known yet. */
  static final int HEADER_INCOMPLETE = -1;

  static final int CONTINUATION = 0x0;
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;

  private static final int MAX_CONTROL_BYTES = 125;
  private static final int MASK_BYTES = 4;

  private FrameHeader() {}

  /**
   * The size of the frame at the buffer's position, header included; the buffer is not changed.
   *
   * @param inMessage whether fragments of an unfinished message came before
   * @param room how many bytes of payload the message may still have
   * @return the size, or {@link #HEADER_INCOMPLETE}
   */
  static int sizeOfNext(ByteBuffer in, boolean inMessage, int room) throws ProtocolViolation {
    if (in.remaining() < 2) {
      if (in.hasRemaining()) {
        checkFirstByte(in.get(in.position()), inMessage);
      }
      return HEADER_INCOMPLETE;
    }
    int first = in.get(in.position());
    checkFirstByte(first, inMessage);
    int second = in.get(in.position() + 1);
    if ((second & 0x80) == 0) {
      throw violation("a client's frame must be masked");
    }
    int shortLength = second & 0x7F;
    boolean control = (first & 0x8) != 0;
    if (control && shortLength > MAX_CONTROL_BYTES) {
      throw violation("a control frame has at most " + MAX_CONTROL_BYTES + " bytes");
    }
    if ((first & 0xF) == CLOSE && shortLength == 1) {
      throw violation("a close frame has no code or two bytes of it");
    }
    int headerBytes = 2 + lengthBytes(shortLength) + MASK_BYTES;
    if (in.remaining() < headerBytes - MASK_BYTES) {
      return HEADER_INCOMPLETE;
    }
    long length = length(in, shortLength);
    checkShortest(shortLength, length);
    if (!control && length > room) {
      throw new ProtocolViolation(ProtocolViolation.TOO_BIG, "the message is too big");
    }
    return headerBytes + (int) length;
  }

  private static void checkFirstByte(int first, boolean inMessage) throws ProtocolViolation {
    if ((first & 0x70) != 0) {
      throw violation("reserved bits are set and no extension was agreed on");
    }
    boolean last = (first & 0x80) != 0;
    int opcode = first & 0xF;
    switch (opcode) {
      case CONTINUATION -> {
        if (!inMessage) {
          throw violation("a continuation without a beginning");
        }
      }
      case TEXT, BINARY -> {
        if (inMessage) {
          throw violation("a new message inside a fragmented one");
        }
      }
      case CLOSE, PING, PONG -> {
        if (!last) {
          throw violation("a control frame is not fragmented");
        }
      }
      default -> throw violation("unknown opcode " + opcode);
    }
  }

  /** How many bytes of length follow the short one. */
  static int lengthBytes(int shortLength) {
    return switch (shortLength) {
      case 126 -> 2;
      case 127 -> 8;
      default -> 0;
    };
  }

  /** Big endian, as buffers are; negative when the first bit of the longest form is set. */
  private static long length(ByteBuffer in, int shortLength) {
    return switch (shortLength) {
      case 126 -> in.getShort(in.position() + 2) & 0xFFFF;
      case 127 -> in.getLong(in.position() + 2);
      default -> shortLength;
    };
  }

  /** RFC 6455, 5.2: the fewest bytes that hold the length, and never its first bit. */
  private static void checkShortest(int shortLength, long length) throws ProtocolViolation {
    if (length < 0) {
      throw violation("the first bit of a length is set");
    }
    boolean tooLong =
        (shortLength == 126 && length < 126) || (shortLength == 127 && length <= 0xFFFF);
    if (tooLong) {
      throw violation("a length is not in its shortest form");
    }
  }

  private static ProtocolViolation violation(String message) {
    return new ProtocolViolation(ProtocolViolation.PROTOCOL_ERROR, message);
  }
}
