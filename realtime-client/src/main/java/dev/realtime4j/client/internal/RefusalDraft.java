package dev.realtime4j.client.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 * RFC 6455 with three additions: it remembers status and {@code Retry-After} of a refused
 * handshake, which the library throws away, it tells of every byte that arrives behind the
 * handshake, and it bounds what it takes. For one connection.
 */
final class RefusalDraft extends Draft_6455 {
  static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
  private static final int MAX_HEAD_BYTES = 16 * 1024;
  private static final String HTTP = "HTTP/1.";
  private static final Pattern STATUS = Pattern.compile("^HTTP/1\\.[01] (\\d{3})\\b");
  private static final Pattern RETRY_AFTER =
      Pattern.compile("\r\nretry-after:[ \t]*(\\d{1,6})[ \t]*\r\n", Pattern.CASE_INSENSITIVE);

  /** How a handshake was refused. */
  record Refusal(int status, @Nullable Duration retryAfter) {}

  private final FrameWatch watch;
  private final Runnable heard;
  private volatile @Nullable Refusal refusal;
  private volatile boolean foreign;

  /**
   * @param watch sees what arrives behind the handshake
   * @param heard told of it, before what comes of it
   */
  RefusalDraft(FrameWatch watch, Runnable heard) {
    super(List.of(), List.of(new Protocol("")), MAX_MESSAGE_BYTES);
    this.watch = watch;
    this.heard = heard;
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

  @Nullable Refusal refusal() {
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
    String head = text.substring(0, end + 4);
    Matcher status = STATUS.matcher(head);
    if (status.find() && !status.group(1).equals("101")) {
      Matcher retryAfter = RETRY_AFTER.matcher(head);
      Duration delay =
          retryAfter.find() ? Duration.ofSeconds(Long.parseLong(retryAfter.group(1))) : null;
      refusal = new Refusal(Integer.parseInt(status.group(1)), delay);
    }
    return super.translateHandshake(buffer);
  }

  /** The library copies the draft it is given; ours is asked afterwards what it saw. */
  @Override
  public Draft copyInstance() {
    return this;
  }
}
