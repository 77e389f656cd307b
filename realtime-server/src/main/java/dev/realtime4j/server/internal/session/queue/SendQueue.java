package dev.realtime4j.server.internal.session.queue;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits to go out to one socket: bounded in bytes; what waits together is joined into one
 * frame, up to a size that the transport names.
 *
 * <p>It starts held: messages are kept, and nothing is given out until {@link #open} has put what
 * must come first in front of them. The very first is a frame of its own, or a client on a slow
 * link would wait for it as long as for everything that follows.
 *
 * <p>Overflow policy: the message that does not fit is refused, and the session closes its socket
 * as too slow; the client comes back and resumes. Of urgent messages, which are counted by number,
 * the newest is dropped.
 *
 * <p>Thread safety: any thread offers, the transport's thread takes.
 */
public final class SendQueue {
  /** Messages are joined up to this many bytes; a larger one goes out alone. */
  public static final int JOIN_UP_TO = 64 * 1024;

  /** On a link that is not known to take more, what a fan-out has joined is parted again. */
  private static final int PART_BELOW = 8 * 1024;

  /** A session has three kinds of them, and each is sent again only after an answer. */
  private static final int MOST_URGENT = 8;

  private final int budget;
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>(4);

  /** What overtakes the rest; null while there is none. */
  private @Nullable ArrayDeque<byte[]> urgent;

  /** The first message of all, until it is given out. */
  private byte @Nullable [] welcome;

  /** How much of the first that waits was given out already. */
  private int given;

  private int bytes;
  private State state = State.HELD;

  private enum State {
    HELD,
    OPEN,
    DISCARDED
  }

  /** What became of an offered message. */
  public enum Offer {
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
  public SendQueue(int budget) {
    this.budget = budget;
  }

  public synchronized Offer offer(byte[] message) {
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
   * Adds what goes in front of everything but the welcome, in a frame of its own.
   *
   * @return whether the transport is to be told
   */
  public synchronized boolean hasten(byte[] message) {
    if (state == State.DISCARDED) {
      return false;
    }
    ArrayDeque<byte[]> hurried = urgent;
    if (hurried == null) {
      hurried = new ArrayDeque<>(2);
      urgent = hurried;
    }
    // The same question twice is one question.
    if (hurried.size() < MOST_URGENT && hurried.peekLast() != message) {
      hurried.addLast(message);
    }
    return state == State.OPEN;
  }

  /**
   * Ends the hold.
   *
   * @param first what goes out before everything that waited, the first of it in a frame of its
   *     own; its size was bounded by the caller
   */
  public synchronized void open(List<byte[]> first) {
    if (state != State.HELD) {
      return;
    }
    for (int i = first.size() - 1; i >= 1; i--) {
      waiting.addFirst(first.get(i));
      bytes += first.get(i).length + 1;
    }
    welcome = first.isEmpty() ? null : first.get(0);
    state = State.OPEN;
  }

  /** What overtakes everything else; null when there is nothing of the kind. */
  public synchronized byte @Nullable [] takeUrgent() {
    if (state != State.OPEN) {
      return null;
    }
    byte[] first = welcome;
    if (first != null) {
      welcome = null;
      return first;
    }
    ArrayDeque<byte[]> hurried = urgent;
    if (hurried == null) {
      return null;
    }
    byte[] next = hurried.pollFirst();
    if (hurried.isEmpty()) {
      urgent = null;
    }
    return next;
  }

  /**
   * The next frame's text; null when nothing waits.
   *
   * @param upTo up to how many bytes messages are joined
   */
  public synchronized byte @Nullable [] take(int upTo) {
    byte[] overtaking = takeUrgent();
    if (overtaking != null || state != State.OPEN) {
      return overtaking;
    }
    byte[] first = waiting.peekFirst();
    if (first == null) {
      return null;
    }
    if (given > 0 || (first.length > upTo && upTo < PART_BELOW)) {
      return part(first, upTo);
    }
    waiting.removeFirst();
    bytes -= first.length + 1;
    byte[] next = waiting.peekFirst();
    return next == null || first.length + 1 + next.length > upTo ? first : join(first, upTo);
  }

  /** As many whole messages of what was joined before as fit, and at least one. */
  private byte[] part(byte[] first, int upTo) {
    int end = first.length;
    if (end - given > upTo) {
      int fitting = given + upTo;
      while (fitting > given && first[fitting] != '\n') {
        fitting--;
      }
      if (fitting == given) { // Not even one does.
        fitting = given + upTo;
        while (fitting < first.length && first[fitting] != '\n') {
          fitting++;
        }
      }
      end = fitting;
    }
    byte[] part = given == 0 && end == first.length ? first : Arrays.copyOfRange(first, given, end);
    bytes -= part.length + 1;
    given = end + 1;
    if (end == first.length) {
      waiting.removeFirst();
      given = 0;
    }
    return part;
  }

  private byte[] join(byte[] first, int upTo) {
    int length = first.length;
    int count = 0;
    for (byte[] next : waiting) {
      if (length + 1 + next.length > upTo) {
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
  public synchronized void discard() {
    state = State.DISCARDED;
    waiting.clear();
    urgent = null;
    welcome = null;
    given = 0;
    bytes = 0;
  }

  /** How many bytes wait. */
  synchronized int bytes() {
    return bytes;
  }
}
