package dev.realtime4j.server.internal.session;

/**
 * What a feature does when sockets come and go. Both are called on a worker, in the session's
 * serial order; an exception is logged and hinders nobody.
 */
public interface SessionFeature {
  /**
   * A socket opened; nothing has been sent to it yet. In the order in which features registered.
   */
  default void opening(Session session, Opening opening) {}

  /**
   * A socket is gone; called once for each that was opened.
   *
   * @param code the close code
   * @param reason why
   */
  default void closed(Session session, int code, String reason) {}
}
