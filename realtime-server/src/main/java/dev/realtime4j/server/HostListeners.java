package dev.realtime4j.server;

import dev.realtime4j.server.internal.session.Opening;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.SessionFeature;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the host's listeners of sockets. */
final class HostListeners implements SessionFeature {
  private static final Logger log = LoggerFactory.getLogger(HostListeners.class);

  private final List<ConnectionListener> listeners;

  HostListeners(List<ConnectionListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public void opening(Session session, Opening opening) {
    for (ConnectionListener listener : listeners) {
      try {
        listener.onConnect(session.userId(), session.id());
      } catch (Throwable e) {
        log.error("A connection listener failed", e);
      }
    }
  }

  @Override
  public void closed(Session session, int code, String reason) {
    for (ConnectionListener listener : listeners) {
      try {
        listener.onDisconnect(session.userId(), session.id(), code, reason);
      } catch (Throwable e) {
        log.error("A connection listener failed", e);
      }
    }
  }
}
