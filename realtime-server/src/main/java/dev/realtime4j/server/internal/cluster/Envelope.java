package dev.realtime4j.server.internal.cluster;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How a {@link BusMessage} stands on the bus, whatever carries it: {@code
 * <origin>\n[<label>\n]<body>}. The origin is the node that sent it, so that this one knows its own
 * when the bus brings them back. What a store published itself has an empty origin, or none when it
 * begins with a brace.
 *
 * <p>Thread safety: immutable.
 */
final class Envelope {
  /** Of a {@link ServerId}. */
  private static final int LONGEST_ORIGIN = 64;

  /** Those of ours are shorter. */
  private static final int LONGEST_LABEL = 256;

  private static final byte[] NO_LABEL = {};

  private final byte[] origin;

  /**
   * @param self the node that sends
   */
  Envelope(ServerId self) {
    this.origin = (self + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** The message with this node as its origin. */
  byte[] seal(BusMessage message) {
    byte[] label = NO_LABEL;
    int lines = origin.length;
    if (message.label() != null) {
      label = message.label().getBytes(StandardCharsets.UTF_8);
      lines += label.length + 1;
    }
    byte[] sealed = Arrays.copyOf(origin, lines + message.body().length);
    if (lines > origin.length) {
      System.arraycopy(label, 0, sealed, origin.length, label.length);
      sealed[lines - 1] = '\n';
    }
    System.arraycopy(message.body(), 0, sealed, lines, message.body().length);
    return sealed;
  }

  /** Whether this node sent it, and so has had it already. */
  boolean isOwn(byte[] sealed) {
    return sealed.length >= origin.length
        && Arrays.equals(sealed, 0, origin.length, origin, 0, origin.length);
  }

  /**
   * Reads what a node, or a store, has published.
   *
   * @throws RealtimeException {@code BAD_REQUEST} when it says of nobody where it comes from
   */
  static BusMessage open(byte[] sealed) {
    if (isBrace(sealed, 0)) {
      return BusMessage.of(sealed);
    }
    int from = afterLine(sealed, 0, LONGEST_ORIGIN);
    if (from < 0) {
      throw RealtimeException.badRequest("it has no origin");
    }
    int body = isBrace(sealed, from) ? -1 : afterLine(sealed, from, LONGEST_LABEL);
    if (body < 0) {
      return BusMessage.of(Arrays.copyOfRange(sealed, from, sealed.length));
    }
    String label = new String(sealed, from, body - 1 - from, StandardCharsets.UTF_8);
    return new BusMessage(label, Arrays.copyOfRange(sealed, body, sealed.length));
  }

  private static boolean isBrace(byte[] sealed, int at) {
    return at < sealed.length && sealed[at] == '{';
  }

  /** Where the next line begins; negative when this one is longer. */
  private static int afterLine(byte[] sealed, int from, int longest) {
    int end = Math.min(sealed.length, from + longest + 1);
    for (int i = from; i < end; i++) {
      if (sealed[i] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }
}
