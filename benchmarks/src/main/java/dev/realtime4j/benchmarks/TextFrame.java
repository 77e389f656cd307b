package dev.realtime4j.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client's text frame: masked, as it must be. */
final class TextFrame {
  private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

  private TextFrame() {}

  static byte[] of(String text) {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 14).put((byte) 0x81);
    if (payload.length < 126) {
      frame.put((byte) (0x80 | payload.length));
    } else if (payload.length < 65_536) {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(payload.length);
    }
    frame.put(MASK);
    for (int i = 0; i < payload.length; i++) {
      frame.put((byte) (payload[i] ^ MASK[i & 3]));
    }
    byte[] bytes = new byte[frame.position()];
    frame.flip().get(bytes);
    return bytes;
  }
}
