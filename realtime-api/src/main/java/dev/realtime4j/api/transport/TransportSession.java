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
   * The same, for a transport that knows how fast the link is: a slow client gets small frames, so
   * that urgent messages do not wait behind a large one.
   *
   * @param bytes up to how many bytes messages are joined, and split again if they were joined
   *     before; a single message may be larger
   * @return as {@link #takeOutgoing()}, which is what it does unless it is overridden
   */
  default byte @Nullable [] takeOutgoing(int bytes) {
    return takeOutgoing();
  }

  /**
   * Text that must not wait behind texts that the transport has taken but not begun to write.
   * Called when the socket takes bytes again. {@link #takeOutgoing} does not return it again; a
   * transport that does not call this gets it there first.
   *
   * @return as {@link #takeOutgoing()}; null when there is nothing, and unless it is overridden
   */
  default byte @Nullable [] takeUrgent() {
    return null;
  }

  /**
   * The client is alive: bytes arrived, even if only a part of a frame, or a socket that was full
   * took more. Does nothing unless it is overridden.
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
