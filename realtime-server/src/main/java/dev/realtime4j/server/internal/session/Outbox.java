package dev.realtime4j.server.internal.session;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits to go out to one socket: bounded in bytes; what waits together is joined into one
 * frame.
 *
 * <p>It starts held: messages are kept, and nothing is given out until {@link #open} has put what
 * must come first in front of them.
 *
 * <p>Overflow policy: the message that does not fit is refused, and the session closes its socket
 * as too slow; the client comes back and resumes.
 *
 * <p>Thread safety: any thread offers, the transport's thread takes.
 */
final class Outbox {
  /** Messages are joined up to this many bytes; a larger one goes out alone. */
  private static final int JOIN_UP_TO = 64 * 1024;

  private final int budget;
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>(4);
  private int bytes;
  private State state = State.HELD;

  private enum State {
    HELD,
    OPEN,
    DISCARDED
  }

  /** What became of an offered message. */
  enum Offer {
    /** It waits; the transport is to be told. */
    ACCEPTED,
    /** It waits behind the hold; nobody needs to be told. */
    KEPT,
    /** It does not fit. */
    OVERFLOW,
    /** The socket is closing; the message is gone. */
    DISCARDED
  }

  /**
   * @param budget how many bytes may wait
   */
  Outbox(int budget) {
    this.budget = budget;
  }

  synchronized Offer offer(byte[] message) {
    if (state == State.DISCARDED) {
      return Offer.DISCARDED;
    }
    if (bytes + message.length > budget && bytes > 0) {
      return Offer.OVERFLOW;
    }
    waiting.addLast(message);
    bytes += message.length + 1;
    return state == State.OPEN ? Offer.ACCEPTED : Offer.KEPT;
  }

  /**
   * Ends the hold.
   *
   * @param first what goes out before everything that waited; its size was bounded by the caller
   */
  synchronized void open(List<byte[]> first) {
    if (state != State.HELD) {
      return;
    }
    for (int i = first.size() - 1; i >= 0; i--) {
      waiting.addFirst(first.get(i));
      bytes += first.get(i).length + 1;
    }
    state = State.OPEN;
  }

  /** The next frame's text; null when nothing waits. */
  synchronized byte @Nullable [] take() {
    if (state != State.OPEN) {
      return null;
    }
    byte[] first = waiting.pollFirst();
    if (first == null) {
      return null;
    }
    bytes -= first.length + 1;
    byte[] next = waiting.peekFirst();
    return next == null || first.length + 1 + next.length > JOIN_UP_TO ? first : join(first);
  }

  private byte[] join(byte[] first) {
    int length = first.length;
    int count = 0;
    for (byte[] next : waiting) {
      if (length + 1 + next.length > JOIN_UP_TO) {
        break;
      }
      length += 1 + next.length;
      count++;
    }
    byte[] joined = new byte[length];
    System.arraycopy(first, 0, joined, 0, first.length);
    int at = first.length;
    for (int i = 0; i < count; i++) {
      byte[] next = waiting.removeFirst();
      bytes -= next.length + 1;
      joined[at++] = '\n';
      System.arraycopy(next, 0, joined, at, next.length);
      at += next.length;
    }
    return joined;
  }

  /** Drops everything, now and from now on. */
  synchronized void discard() {
    state = State.DISCARDED;
    waiting.clear();
    bytes = 0;
  }

  /** How many bytes wait. */
  synchronized int bytes() {
    return bytes;
  }
}
