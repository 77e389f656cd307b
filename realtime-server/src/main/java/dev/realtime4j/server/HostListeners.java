package dev.realtime4j.server;

import dev.realtime4j.server.internal.session.HostCalls;
import dev.realtime4j.server.internal.session.Opening;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.SessionFeature;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Tells the host's listeners of sockets, each listener without regard to the others. */
final class HostListeners implements SessionFeature {
  /** How many calls of one listener may run at the same time. */
  private static final int AT_ONCE = 4;

  private record Told(ConnectionListener listener, HostCalls calls) {}

  private final List<Told> listeners;

  /**
   * @param threads for the host's listeners alone
   */
  HostListeners(List<ConnectionListener> listeners, Executor threads) {
    this.listeners =
        listeners.stream()
            .map(one -> new Told(one, new HostCalls("A connection listener", threads, AT_ONCE)))
            .toList();
  }

  @Override
  public void opening(Session session, Opening opening) {
    tell(session, listener -> listener.onConnect(session.userId(), session.id()));
  }

  @Override
  public void closed(Session session, int code, String reason) {
    tell(session, listener -> listener.onDisconnect(session.userId(), session.id(), code, reason));
  }

  private void tell(Session session, Consumer<ConnectionListener> event) {
    listeners.forEach(one -> one.calls.call(session.id(), () -> event.accept(one.listener)));
  }
}
