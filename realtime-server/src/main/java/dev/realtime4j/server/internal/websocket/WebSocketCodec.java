package dev.realtime4j.server.internal.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.HandshakeState;
import org.java_websocket.enums.Opcode;
import org.java_websocket.enums.Role;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.exceptions.InvalidHandshakeException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.framing.Framedata;
import org.java_websocket.framing.FramedataImpl1;
import org.java_websocket.framing.PongFrame;
import org.java_websocket.handshake.HandshakeImpl1Client;
import org.java_websocket.handshake.HandshakeImpl1Server;
import org.jspecify.annotations.Nullable;

/**
 * Java-WebSocket's protocol engine, one for all connections of a loop.
 *
 * <p>A draft is heavy and keeps state only for what is incomplete: a partial frame, a fragmented
 * message (in {@code processFrame}, not used here), a negotiated extension (none here). It is given
 * single complete frames, so it holds nothing of any connection. Used on its loop's thread only.
 */
final class WebSocketCodec {
  private static final String ACCEPT = "Sec-WebSocket-Accept";
  private static final int MAX_REASON_BYTES = 123;

  private final Draft_6455 draft = new Draft_6455();
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();

  WebSocketCodec() {
    draft.setParseMode(Role.SERVER);
  }

  /**
   * The 101 answer.
   *
   * @param request one that the rules let through
   * @param protocol the sub-protocol; null for none
   */
  byte[] switchingProtocols(RequestHead request, @Nullable String protocol) {
    HandshakeImpl1Client asked = new HandshakeImpl1Client();
    for (String name : List.of("Sec-WebSocket-Key", "Sec-WebSocket-Version", "Connection")) {
      asked.put(name, request.header(name));
    }
    HandshakeImpl1Server draftAnswer = new HandshakeImpl1Server();
    try {
      if (draft.acceptHandshakeAsServer(asked) != HandshakeState.MATCHED) {
        throw new IllegalStateException("a checked handshake was not accepted");
      }
      draft.postProcessHandshakeResponseAsServer(asked, draftAnswer);
    } catch (InvalidHandshakeException e) {
      throw new IllegalStateException("a checked handshake was not accepted", e);
    }
    // The draft echoes the client's Connection header and names itself: a new answer of ours.
    HandshakeImpl1Server answer = new HandshakeImpl1Server();
    answer.setHttpStatusMessage("Switching Protocols");
    answer.put("Upgrade", "websocket");
    answer.put("Connection", "Upgrade");
    answer.put(ACCEPT, draftAnswer.getFieldValue(ACCEPT));
    if (protocol != null) {
      answer.put("Sec-WebSocket-Protocol", protocol);
    }
    return bytes(draft.createHandshake(answer).get(0));
  }

  /**
   * Decodes the one complete frame that is in the buffer; its payload is a copy.
   *
   * <p>By hand but for the checks: the draft writes every payload to its log at level TRACE, and
   * there are tokens and texts among them.
   */
  Framedata decode(ByteBuffer oneFrame) throws ProtocolViolation {
    int first = oneFrame.get();
    int shortLength = oneFrame.get() & 0x7F;
    oneFrame.position(oneFrame.position() + FrameHeader.lengthBytes(shortLength));
    FramedataImpl1 frame = FramedataImpl1.get(opcode(first & 0xF));
    frame.setFin((first & 0x80) != 0);
    try {
      frame.setPayload(ByteBuffer.wrap(unmasked(oneFrame)));
      frame.isValid();
      return frame;
    } catch (InvalidDataException e) {
      throw new ProtocolViolation(e.getCloseCode(), "the frame is not valid");
    } catch (NullPointerException e) {
      // Found in 1.6.0: what it throws for a close frame whose reason is not UTF-8.
      throw new ProtocolViolation(ProtocolViolation.NOT_UTF8, "the reason is not UTF-8");
    }
  }

  private static Opcode opcode(int of) {
    return switch (of) {
      case FrameHeader.CONTINUATION -> Opcode.CONTINUOUS;
      case FrameHeader.TEXT -> Opcode.TEXT;
      case FrameHeader.BINARY -> Opcode.BINARY;
      case FrameHeader.CLOSE -> Opcode.CLOSING;
      case FrameHeader.PING -> Opcode.PING;
      case FrameHeader.PONG -> Opcode.PONG;
      default -> throw new IllegalArgumentException("the gate let opcode " + of + " through");
    };
  }

  /** The rest of a frame: four bytes of mask, and what they cover. */
  private static byte[] unmasked(ByteBuffer masked) {
    byte[] mask = new byte[4];
    masked.get(mask);
    byte[] payload = new byte[masked.remaining()];
    masked.get(payload);
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i & 3];
    }
    return payload;
  }

  /** Strictly decodes a whole text; the draft lets one pass that ends within a character. */
  String text(ByteBuffer payload) throws ProtocolViolation {
    try {
      return utf8.decode(payload).toString();
    } catch (CharacterCodingException e) {
      throw new ProtocolViolation(ProtocolViolation.NOT_UTF8, "the text is not UTF-8");
    }
  }

  byte[] pong(ByteBuffer payload) {
    PongFrame frame = new PongFrame();
    frame.setPayload(payload);
    return bytes(draft.createBinaryFrame(frame));
  }

  /**
   * A close frame.
   *
   * @param code 1005 for a frame without a code
   * @param reason cut to what fits
   */
  byte[] close(int code, String reason) {
    CloseFrame frame = new CloseFrame();
    frame.setReason(cut(reason));
    frame.setCode(code);
    return bytes(draft.createBinaryFrame(frame));
  }

  private static String cut(String reason) {
    byte[] all = reason.getBytes(StandardCharsets.UTF_8);
    if (all.length <= MAX_REASON_BYTES) {
      return reason;
    }
    int end = MAX_REASON_BYTES;
    while ((all[end] & 0xC0) == 0x80) {
      end--; // Not within a character.
    }
    return new String(all, 0, end, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
