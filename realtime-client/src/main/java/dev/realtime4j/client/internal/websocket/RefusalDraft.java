package dev.realtime4j.client.internal.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.exceptions.IncompleteHandshakeException;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.exceptions.InvalidHandshakeException;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.Handshakedata;
import org.java_websocket.protocols.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * RFC 6455 with three additions: it remembers why a handshake was refused, which the library throws
 * away, it tells of every byte that arrives behind the handshake, and it bounds what it takes. For
 * one connection.
 */
final class RefusalDraft extends Draft_6455 {
  static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
  private static final int MAX_HEAD_BYTES = 16 * 1024;
  private static final String HTTP = "HTTP/1.";

  private final FrameWatch watch;
  private final Runnable heard;
  private final Runnable bodyMissing;
  private volatile @Nullable RefusedAnswer refusal;
  private volatile boolean foreign;

  /**
   * @param watch sees what arrives behind the handshake
   * @param heard told of it, before what comes of it
   * @param bodyMissing told when the reason of a refusal has not arrived with its head
   */
  RefusalDraft(FrameWatch watch, Runnable heard, Runnable bodyMissing) {
    super(List.of(), List.of(new Protocol("")), MAX_MESSAGE_BYTES);
    this.watch = watch;
    this.heard = heard;
    this.bodyMissing = bodyMissing;
  }

  /** Whether what answered the handshake does not speak HTTP. */
  boolean isForeign() {
    return foreign;
  }

  @Override
  public List<Framedata> translateFrame(ByteBuffer buffer) throws InvalidDataException {
    watch.see(buffer.duplicate());
    heard.run();
    return super.translateFrame(buffer);
  }

  @Nullable RefusedAnswer refusal() {
    return refusal;
  }

  @Override
  public Handshakedata translateHandshake(ByteBuffer buffer) throws InvalidHandshakeException {
    String text = StandardCharsets.ISO_8859_1.decode(buffer.duplicate()).toString();
    foreign = !text.startsWith(HTTP.substring(0, Math.min(HTTP.length(), text.length())));
    if (foreign) {
      throw new InvalidHandshakeException("the answer is no HTTP");
    }
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      if (buffer.remaining() > MAX_HEAD_BYTES) {
        throw new InvalidHandshakeException("the answer's head is too large");
      }
      throw new IncompleteHandshakeException(buffer.capacity() + 1024);
    }
    RefusedAnswer answer = RefusedAnswer.read(text.substring(0, end + 4), text.substring(end + 4));
    refusal = answer;
    if (answer != null && answer.missing() > 0) {
      bodyMissing.run();
      throw new IncompleteHandshakeException(buffer.capacity() + 1024);
    }
    return super.translateHandshake(buffer);
  }

  /** The library copies the draft it is given; ours is asked afterwards what it saw. */
  @Override
  public Draft copyInstance() {
    return this;
  }
}
