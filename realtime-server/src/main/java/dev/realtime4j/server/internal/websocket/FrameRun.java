package dev.realtime4j.server.internal.websocket;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Frames on their way into one socket, the first perhaps half written. The payloads are shared with
 * other sockets and never copied here. Used on its loop's thread only.
 */
final class FrameRun {
  /** What is taken from a session at once. */
  static final int MAX_FRAMES = 64;

  /** The first byte of a whole text frame. */
  private static final byte WHOLE_TEXT = (byte) 0x81;

  /** Stands where a payload was, so that the payload can be collected. */
  private static final byte[] NONE = {};

  private byte[][] payloads = new byte[8][];

  /** 0 for what stands in no text frame: control frames and the handshake's answer. */
  private byte[] headerSizes = new byte[8];

  private int first;
  private int end;
  private int written;
  private long bytes;

  boolean isEmpty() {
    return first == end;
  }

  boolean isFull() {
    return end - first >= MAX_FRAMES;
  }

  /** How many bytes are still to be written. */
  long bytes() {
    return bytes;
  }

  /** Adds the payload of a text frame. */
  void addText(byte[] payload) {
    add(payload, headerSize(payload.length));
  }

  /** Adds bytes that are written as they are. */
  void addRaw(byte[] raw) {
    add(raw, 0);
  }

  /** A text frame as it is written. */
  static byte[] textFrame(byte[] payload) {
    int header = headerSize(payload.length);
    byte[] frame = new byte[header + payload.length];
    for (int k = 0; k < header; k++) {
      frame[k] = headerByte(payload.length, header, k);
    }
    System.arraycopy(payload, 0, frame, header, payload.length);
    return frame;
  }

  private static int headerSize(int length) {
    return length < 126 ? 2 : length < 65536 ? 4 : 10;
  }

  /** Adds a whole frame before all that is not begun, behind others that were added so. */
  void addInFront(byte[] raw) {
    addRaw(raw);
    int to = end - 1;
    int at = written > 0 ? first + 1 : first;
    while (at < to && headerSizes[at] == 0) {
      at++;
    }
    if (at < to) {
      System.arraycopy(payloads, at, payloads, at + 1, to - at);
      System.arraycopy(headerSizes, at, headerSizes, at + 1, to - at);
      payloads[at] = raw;
      headerSizes[at] = 0;
    }
  }

  private void add(byte[] payload, int headerSize) {
    if (end == payloads.length) {
      makeRoom();
    }
    payloads[end] = payload;
    headerSizes[end] = (byte) headerSize;
    end++;
    bytes += headerSize + payload.length;
  }

  private void makeRoom() {
    int count = end - first;
    int size = first > 0 ? payloads.length : 2 * payloads.length;
    payloads = Arrays.copyOf(Arrays.copyOfRange(payloads, first, end), size);
    headerSizes = Arrays.copyOf(Arrays.copyOfRange(headerSizes, first, end), size);
    first = 0;
    end = count;
  }

  /** Copies as much as fits, without taking it out. */
  void copyInto(ByteBuffer out) {
    int skip = written;
    for (int i = first; i < end && out.hasRemaining(); i++) {
      byte[] payload = payloads[i];
      int header = headerSizes[i];
      for (int k = skip; k < header && out.hasRemaining(); k++) {
        out.put(headerByte(payload.length, header, k));
      }
      int from = Math.max(0, skip - header);
      out.put(payload, from, Math.min(payload.length - from, out.remaining()));
      skip = 0;
    }
  }

  /** The k-th byte of an unmasked text frame's header. */
  private static byte headerByte(int length, int header, int k) {
    if (k == 0) {
      return WHOLE_TEXT;
    }
    if (k == 1) {
      return (byte) (header == 2 ? length : header == 4 ? 126 : 127);
    }
    int shift = 8 * (header - 1 - k);
    return shift > 24 ? 0 : (byte) (length >>> shift);
  }

  /** Takes out what was written. */
  void skip(int count) {
    bytes -= count;
    written += count;
    while (first < end && written >= headerSizes[first] + payloads[first].length) {
      written -= headerSizes[first] + payloads[first].length;
      payloads[first] = NONE;
      first++;
    }
    if (first == end) {
      first = 0;
      end = 0;
    }
  }

  /** Takes out the texts that are not begun. */
  void dropTexts() {
    int keep = first;
    for (int i = first; i < end; i++) {
      boolean begun = i == first && written > 0;
      if (begun || headerSizes[i] == 0) {
        payloads[keep] = payloads[i];
        headerSizes[keep] = headerSizes[i];
        keep++;
      } else {
        bytes -= headerSizes[i] + payloads[i].length;
      }
    }
    Arrays.fill(payloads, keep, end, NONE);
    end = keep;
  }
}
