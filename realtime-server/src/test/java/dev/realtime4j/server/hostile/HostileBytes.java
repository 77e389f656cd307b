package dev.realtime4j.server.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Bytes as an attacker would send them: valid ones, broken ones, and noise. */
final class HostileBytes {
  private static final int[] OPCODES = {0x0, 0x1, 0x2, 0x8, 0x9, 0xA};

  private final Random random;

  HostileBytes(Random random) {
    this.random = random;
  }

  /** What comes instead of a handshake, or as a bad one. */
  byte[] request(String target) {
    String valid =
        "GET "
            + target
            + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    byte[] bytes = valid.getBytes(StandardCharsets.ISO_8859_1);
    return switch (random.nextInt(6)) {
      case 0 -> noise(1 + random.nextInt(2000));
      case 1 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 2 ->
          valid
              .replace("\r\n\r\n", "\r\nX: " + "x".repeat(random.nextInt(40_000)) + "\r\n\r\n")
              .getBytes(StandardCharsets.ISO_8859_1);
      case 3 -> bytes;
      default -> mutated(bytes);
    };
  }

  /** One or several frames; valid as often as not. */
  byte[] frames() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      all.writeBytes(random.nextInt(4) == 0 ? looseFrame() : soundFrame());
    }
    byte[] bytes = all.toByteArray();
    return switch (random.nextInt(8)) {
      case 0 -> mutated(bytes);
      case 1 -> noise(1 + random.nextInt(300));
      case 2 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      default -> bytes;
    };
  }

  /** Any header with any promise, and perhaps something behind it. */
  private byte[] looseFrame() {
    ByteBuffer frame = ByteBuffer.allocate(64);
    frame.put((byte) random.nextInt(256));
    int masked = random.nextInt(5) == 0 ? 0 : 0x80;
    switch (random.nextInt(4)) {
      case 0 -> frame.put((byte) (masked | 126)).putShort((short) random.nextInt(65536));
      case 1 -> frame.put((byte) (masked | 127)).putLong(random.nextLong());
      case 2 -> frame.put((byte) (masked | 127)).putLong(random.nextInt(200_000));
      default -> frame.put((byte) (masked | random.nextInt(126)));
    }
    frame.put(noise(random.nextInt(40)));
    return Arrays.copyOf(frame.array(), frame.position());
  }

  /** A masked frame of a known kind; its place among others may still be wrong. */
  private byte[] soundFrame() {
    int opcode = OPCODES[random.nextInt(OPCODES.length)];
    boolean last = opcode >= 8 || random.nextInt(3) > 0;
    byte[] payload =
        switch (random.nextInt(5)) {
          case 0 -> noise(random.nextInt(125));
          case 1 -> halfUtf8();
          case 2 -> new byte[0];
          default -> "{\"id\":1,\"method\":\"echo\"}".getBytes(StandardCharsets.UTF_8);
        };
    if (opcode == 0x8 && random.nextBoolean()) {
      payload = ByteBuffer.allocate(2).putShort((short) random.nextInt(65536)).array();
    }
    return frame((last ? 0x80 : 0) | opcode, payload, random.nextInt());
  }

  private byte[] halfUtf8() {
    byte[] text = "{\"m\":\"é€😀\"}".getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOfRange(text, random.nextInt(5), 6 + random.nextInt(text.length - 6));
  }

  /** The same bytes, a little different. */
  byte[] mutated(byte[] bytes) {
    byte[] now = bytes.clone();
    for (int i = 1 + random.nextInt(4); i > 0 && now.length > 1; i--) {
      int at = random.nextInt(now.length);
      now =
          switch (random.nextInt(5)) {
            case 0 -> flipped(now, at);
            case 1 -> join(Arrays.copyOf(now, at), noise(1 + random.nextInt(8)), tail(now, at));
            case 2 -> join(Arrays.copyOf(now, at), tail(now, at + 1 + random.nextInt(8)));
            case 3 -> join(Arrays.copyOf(now, at), tail(now, random.nextInt(now.length)));
            default -> replaced(now, at);
          };
    }
    return now;
  }

  private byte[] flipped(byte[] bytes, int at) {
    bytes[at] ^= (byte) (1 << random.nextInt(8));
    return bytes;
  }

  private byte[] replaced(byte[] bytes, int at) {
    bytes[at] = (byte) random.nextInt(256);
    return bytes;
  }

  private byte[] noise(int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] tail(byte[] bytes, int from) {
    return Arrays.copyOfRange(bytes, Math.min(from, bytes.length), bytes.length);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** A masked frame. */
  static byte[] frame(int first, byte[] payload, int key) {
    int length = payload.length;
    ByteBuffer frame = ByteBuffer.allocate(14 + length);
    frame.put((byte) first);
    if (length < 126) {
      frame.put((byte) (0x80 | length));
    } else if (length < 65536) {
      frame.put((byte) (0x80 | 126)).putShort((short) length);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(length);
    }
    frame.putInt(key);
    for (int i = 0; i < length; i++) {
      frame.put((byte) (payload[i] ^ (key >>> (24 - 8 * (i % 4)))));
    }
    return Arrays.copyOf(frame.array(), frame.position());
  }
}
