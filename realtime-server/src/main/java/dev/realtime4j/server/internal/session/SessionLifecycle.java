package dev.realtime4j.server.internal.session;

import java.util.List;

/**
 * What a feature does when sockets come and go: on a worker, and in each session's serial order. An
 * exception is logged and hinders nobody.
 */
public interface SessionLifecycle {
  /** A socket opened; nothing has been sent to it yet. The features are called in order. */
  default void opening(Session session, Welcome welcome) {}

  /**
   * The same of sockets that open at the same time. A feature that asks a store for each of them
   * overrides this one, and asks once.
   */
  default void opening(List<OpeningSession> arrivals) {
    arrivals.forEach(arrival -> LifecycleDispatcher.openOne(this, arrival));
  }

  /**
   * A socket is gone; called once for each that was opened.
   *
   * @param code the close code
   * @param reason why
   */
  default void closed(Session session, int code, String reason) {}
}
