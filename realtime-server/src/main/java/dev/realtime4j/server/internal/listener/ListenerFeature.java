package dev.realtime4j.server.internal.listener;

import dev.realtime4j.server.internal.feature.Feature;
import dev.realtime4j.server.internal.feature.ListenerDispatcher;
import dev.realtime4j.server.internal.feature.NodeContext;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.Welcome;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells the application's listeners of sockets, each listener without regard to the others.
 *
 * <p>Thread safety: any thread.
 */
public final class ListenerFeature implements Feature {
  /** How many calls of one listener may run at the same time. */
  private static final int AT_ONCE = 4;

  private record Told(SocketListener listener, ListenerDispatcher calls) {}

  private final List<Told> listeners;

  /**
   * @param context of its node
   */
  public ListenerFeature(List<SocketListener> listeners, NodeContext context) {
    this.listeners = listeners.stream().map(one -> new Told(one, calls(context))).toList();
  }

  private static ListenerDispatcher calls(NodeContext context) {
    return new ListenerDispatcher("A connection listener", context.listeners(), AT_ONCE);
  }

  @Override
  public void opening(Session session, Welcome opening) {
    tell(session, listener -> listener.opened(session.userId(), session.id()));
  }

  @Override
  public void closed(Session session, int code, String reason) {
    tell(session, listener -> listener.closed(session.userId(), session.id(), code, reason));
  }

  private void tell(Session session, Consumer<SocketListener> event) {
    listeners.forEach(one -> one.calls.call(session.id(), () -> event.accept(one.listener)));
  }
}
