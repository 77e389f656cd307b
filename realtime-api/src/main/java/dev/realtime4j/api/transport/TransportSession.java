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
   * The connection is gone; called once, and nothing after it.
   *
   * @param code the close code that was received or sent; 1006 when there was none
   * @param reason as received or sent; may be empty
   */
  void onClosed(int code, String reason);
}
