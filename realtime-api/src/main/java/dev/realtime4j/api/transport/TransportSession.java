package dev.realtime4j.api.transport;

import org.jspecify.annotations.Nullable;

/**
 * The session's side of an open connection.
 *
 * <p>Thread safety: a transport calls the methods of one session one at a time, on a transport
 * thread; each returns at once.
 */
public interface TransportSession {
  /** A whole text message arrived. */
  void onText(String text);

  /** A message arrived that is not text. */
  void onUnreadable();

  /**
   * The next text to send as one frame.
   *
   * @return UTF-8, not modified by anyone afterwards; null when nothing waits
   */
  byte @Nullable [] takeOutgoing();

  /**
   * The same, from a transport that knows what the link takes: a slow client is given small frames,
   * so that what is urgent does not wait behind a large one.
   *
   * @param bytes up to how many bytes messages are joined, and parted again where they were joined
   *     before; a single message may be larger
   * @return as {@link #takeOutgoing()}, which is what it does unless it is overridden
   */
  default byte @Nullable [] takeOutgoing(int bytes) {
    return takeOutgoing();
  }

  /**
   * What must not wait behind texts that the transport has taken and not begun to write. Asked when
   * the socket takes bytes again. What it gives, {@link #takeOutgoing} does not give again; who
   * does not ask gets it there first.
   *
   * @return as {@link #takeOutgoing()}; null when there is nothing, which is what it answers unless
   *     it is overridden
   */
  default byte @Nullable [] takeUrgent() {
    return null;
  }

  /**
   * The client is alive: bytes came, whatever they are and be they a part of a frame, or a socket
   * that was full took more. Does nothing unless it is overridden.
   */
  default void onSignOfLife() {}

  /**
   * The connection is gone; called once, and nothing after it.
   *
   * @param code the close code that was received or sent; 1006 when there was none
   * @param reason as received or sent; may be empty
   */
  void onClosed(int code, String reason);
}
