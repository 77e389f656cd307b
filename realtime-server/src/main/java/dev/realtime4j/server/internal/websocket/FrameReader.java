package dev.realtime4j.server.internal.websocket;

import java.nio.ByteBuffer;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.framing.Framedata;
import org.jspecify.annotations.Nullable;

/**
 * Makes messages of the bytes of one connection. Holds memory only for a frame that is incomplete,
 * as much as has come of it, and for the fragments of an unfinished message.
 */
final class FrameReader {
  private static final int MAX_HEADER_BYTES = 14;

  private final int maxMessageBytes;
  private final WireDraft draft;
  private final FrameSink sink;
  private @Nullable ByteBuffer held;
  private @Nullable Fragments fragments;

  FrameReader(int maxMessageBytes, WireDraft draft, FrameSink sink) {
    this.maxMessageBytes = maxMessageBytes;
    this.draft = draft;
    this.sink = sink;
  }

  /** Reads all of the bytes, or holds what the sink does not take now. */
  void read(ByteBuffer in) throws ProtocolViolation {
    while (held != null && sink.takesMore()) {
      if (!completeHeld(held, in)) {
        return;
      }
    }
    while (sink.takesMore()) {
      int size = sizeOfNext(in);
      if (size < 0 || size > in.remaining()) {
        break;
      }
      int end = in.limit();
      in.limit(in.position() + size);
      deliver(in);
      in.limit(end);
    }
    hold(in);
  }

  /** Reads what was held while the sink took nothing. */
  void readHeld() throws ProtocolViolation {
    ByteBuffer before = held;
    if (before != null && sink.takesMore()) {
      held = null;
      read(before.flip());
    }
  }

  /** Adds to an incomplete frame what it lacks, and no more; false when it stays incomplete. */
  private boolean completeHeld(ByteBuffer start, ByteBuffer in) throws ProtocolViolation {
    ByteBuffer frame = start;
    int size = sizeOfNext(frame.duplicate().flip());
    while (size == FrameGate.HEADER_INCOMPLETE && in.hasRemaining()) {
      frame = roomFor(frame, 1, MAX_HEADER_BYTES);
      frame.put(in.get());
      size = sizeOfNext(frame.duplicate().flip());
    }
    if (size != FrameGate.HEADER_INCOMPLETE) {
      int take = Math.min(size - frame.position(), in.remaining());
      frame = roomFor(frame, take, size);
      frame.put(in.slice(in.position(), take));
      in.position(in.position() + take);
    }
    held = frame;
    if (size != frame.position()) {
      return false;
    }
    held = null;
    deliver(frame.flip());
    return true;
  }

  /** Grows with what has really come, not with what a header promises. */
  private static ByteBuffer roomFor(ByteBuffer buffer, int more, int most) {
    if (buffer.remaining() >= more) {
      return buffer;
    }
    int needed = buffer.position() + more;
    int roomy = Math.min(Math.max(2 * buffer.capacity(), needed), Math.max(most, needed));
    return ByteBuffer.allocate(roomy).put(buffer.flip());
  }

  private void hold(ByteBuffer in) {
    if (in.hasRemaining()) {
      ByteBuffer before = held;
      held =
          before == null
              ? ByteBuffer.allocate(in.remaining()).put(in)
              : roomFor(before, in.remaining(), 0).put(in);
    }
  }

  private int sizeOfNext(ByteBuffer in) throws ProtocolViolation {
    Fragments open = fragments;
    int room = open == null ? maxMessageBytes : maxMessageBytes - open.bytes();
    return FrameGate.sizeOfNext(in, open != null, room);
  }

  private void deliver(ByteBuffer oneFrame) throws ProtocolViolation {
    int opcode = oneFrame.get(oneFrame.position()) & 0xF;
    boolean empty = (oneFrame.get(oneFrame.position() + 1) & 0x7F) == 0;
    Framedata frame = draft.decode(oneFrame);
    switch (opcode) {
      case FrameGate.PING -> sink.ping(frame.getPayloadData());
      case FrameGate.PONG -> {}
      case FrameGate.CLOSE -> close((CloseFrame) frame, empty);
      default -> data(opcode, frame);
    }
  }

  /** The library says 1000 where no code was sent. */
  private void close(CloseFrame frame, boolean empty) {
    sink.close(empty ? CloseFrame.NOCODE : frame.getCloseCode(), frame.getMessage());
  }

  private void data(int opcode, Framedata frame) throws ProtocolViolation {
    Fragments open = fragments;
    if (open == null && frame.isFin()) {
      message(opcode == FrameGate.TEXT, frame.getPayloadData());
      return;
    }
    if (open == null) {
      open = new Fragments(opcode == FrameGate.TEXT);
      fragments = open;
    }
    open.add(frame.getPayloadData());
    if (frame.isFin()) {
      fragments = null;
      message(open.isText(), open.payload());
    }
  }

  private void message(boolean text, ByteBuffer payload) throws ProtocolViolation {
    if (text) {
      sink.text(draft.text(payload));
    } else {
      sink.binary();
    }
  }
}
