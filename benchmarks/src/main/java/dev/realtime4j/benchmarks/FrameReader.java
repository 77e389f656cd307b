package dev.realtime4j.benchmarks;

import java.io.IOException;

/**
 * Takes the frames of a server apart, wherever the reads cut them. Text in one fragment is all that
 * is understood: the servers send nothing else here.
 */
final class FrameReader {
  /** Where the text goes; a message may come in several pieces. */
  interface Text {
    void piece(byte[] bytes, int from, int to) throws IOException;
  }

  private static final int TEXT = 0x81; // the last fragment, opcode 1
  private static final int LONGEST_HEAD = 10;

  private final byte[] head = new byte[LONGEST_HEAD];
  private int headLength;
  private long payloadLeft;
  private long frames;

  /** How many frames have begun. */
  long frames() {
    return frames;
  }

  void read(byte[] bytes, int from, int to, Text text) throws IOException {
    int at = from;
    while (at < to) {
      if (payloadLeft == 0) {
        head[headLength++] = bytes[at++];
        if (headLength >= 2 && headLength == lengthOfHead()) {
          begin();
        }
      } else {
        int end = (int) Math.min(to, at + payloadLeft);
        text.piece(bytes, at, end);
        payloadLeft -= end - at;
        at = end;
      }
    }
  }

  private int lengthOfHead() {
    return switch (head[1] & 0x7f) {
      case 126 -> 4;
      case 127 -> 10;
      default -> 2;
    };
  }

  private void begin() throws IOException {
    if ((head[0] & 0xff) != TEXT) {
      throw new IOException("a frame that is no text: 0x" + Integer.toHexString(head[0] & 0xff));
    }
    payloadLeft = headLength == 2 ? head[1] & 0x7f : 0;
    for (int i = 2; i < headLength; i++) {
      payloadLeft = payloadLeft << 8 | (head[i] & 0xff);
    }
    headLength = 0;
    frames++;
  }
}
