package dev.realtime4j.server.internal.websocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.framing.Framedata;
import org.jspecify.annotations.Nullable;

/**
 * Makes messages of the bytes of one connection, which it reads as one stream, however they come.
 * Holds memory only for a frame that is incomplete, as much as has come of it, for what came while
 * the sink took nothing, and for the fragments of an unfinished message.
 */
final class FrameReader {
  private static final int MAX_HEADER_BYTES = 14;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final int maxMessageBytes;
  private final WebSocketCodec draft;
  private final FrameSink sink;
  private final HeldBytes held = new HeldBytes();
  private @Nullable Fragments fragments;

  FrameReader(int maxMessageBytes, WebSocketCodec draft, FrameSink sink) {
    this.maxMessageBytes = maxMessageBytes;
    this.draft = draft;
    this.sink = sink;
  }

  /** Reads all of the bytes, or holds what the sink does not take now. */
  void read(ByteBuffer in) throws ProtocolViolation, IOException {
    boolean more = true;
    while (more && sink.takesMore()) {
      more = held.isEmpty() ? deliverNext(in) : deliverHeld(in);
    }
    held.add(in, in.remaining(), 0);
  }

  /** Reads what was held while the sink took nothing. */
  void readHeld() throws ProtocolViolation, IOException {
    if (!held.isEmpty()) {
      read(NOTHING);
    }
  }

  /** Delivers the frame at the front of the bytes; false when it is not all there. */
  private boolean deliverNext(ByteBuffer in) throws ProtocolViolation, IOException {
    int size = sizeOfNext(in);
    if (size == FrameHeader.HEADER_INCOMPLETE || size > in.remaining()) {
      return false;
    }
    int end = in.limit();
    in.limit(in.position() + size);
    deliver(in);
    in.limit(end);
    return true;
  }

  /**
   * Delivers the frame at the front of what is held, after adding what it lacks, and no more: the
   * frames behind it are read where they are.
   */
  private boolean deliverHeld(ByteBuffer in) throws ProtocolViolation, IOException {
    int size = sizeOfNext(held.front());
    while (size == FrameHeader.HEADER_INCOMPLETE && in.hasRemaining()) {
      held.add(in, 1, MAX_HEADER_BYTES);
      size = sizeOfNext(held.front());
    }
    int lacking = size - held.front().remaining();
    if (size != FrameHeader.HEADER_INCOMPLETE && lacking > 0) {
      held.add(in, Math.min(lacking, in.remaining()), size);
    }
    boolean delivered = deliverNext(held.front());
    held.trim();
    return delivered;
  }

  private int sizeOfNext(ByteBuffer in) throws ProtocolViolation {
    Fragments open = fragments;
    int room = open == null ? maxMessageBytes : maxMessageBytes - open.bytes();
    return FrameHeader.sizeOfNext(in, open != null, room);
  }

  private void deliver(ByteBuffer oneFrame) throws ProtocolViolation, IOException {
    int opcode = oneFrame.get(oneFrame.position()) & 0xF;
    boolean empty = (oneFrame.get(oneFrame.position() + 1) & 0x7F) == 0;
    Framedata frame = draft.decode(oneFrame);
    switch (opcode) {
      case FrameHeader.PING -> sink.ping(frame.getPayloadData());
      case FrameHeader.PONG -> sink.pong();
      case FrameHeader.CLOSE -> close((CloseFrame) frame, empty);
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
      message(opcode == FrameHeader.TEXT, frame.getPayloadData());
      return;
    }
    if (open == null) {
      open = new Fragments(opcode == FrameHeader.TEXT);
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
