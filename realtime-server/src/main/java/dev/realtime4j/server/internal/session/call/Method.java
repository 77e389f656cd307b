package dev.realtime4j.server.internal.session.call;

import dev.realtime4j.server.internal.session.Session;

/** A method that clients may call. */
@FunctionalInterface
public interface Method {
  /**
   * Does it, on a worker; it may block, and delays only its own session.
   *
   * @throws dev.realtime4j.api.RealtimeException reaches the client as it is; anything else as an
   *     internal error
   */
  Reply handle(Session session, Params params);
}
