package dev.realtime4j.server.internal.cluster;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.ClusterBus.PublishResult;
import dev.realtime4j.server.internal.session.OpeningSession;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.SessionLifecycle;
import dev.realtime4j.server.internal.session.fanout.Lanes;
import dev.realtime4j.server.internal.session.fanout.Recipients;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Carries events to all sockets of a user, wherever they are: the same bytes to each. There are few
 * of them, so they get it at once instead of by a fan-out.
 *
 * <p>Thread safety: any thread.
 */
public final class UserChannel implements SessionLifecycle {
  /** Asked before a labelled event is put into a socket's outbox. */
  public interface DeliveryFilter {
    /**
     * Whether the socket is to get it.
     *
     * @param label as it was published
     */
    boolean accepts(Session session, String label);
  }

  private final RefCountedChannels<UserId, Recipients> users;
  private final List<DeliveryFilter> filters = new CopyOnWriteArrayList<>();

  /**
   * @param bus of this node
   * @param lanes that write the sockets
   */
  public UserChannel(NodeBus bus, Lanes lanes) {
    this.users =
        new RefCountedChannels<>(
            bus, user -> "user:" + user, user -> new Recipients(lanes.count()), this::deliver);
  }

  /** Adds somebody who has a say in what goes out. */
  public void filter(DeliveryFilter filter) {
    filters.add(filter);
  }

  /**
   * Sends an event to all sockets of a user.
   *
   * @param label one line for the filters; empty for what always passes
   * @param event as it stands on the wire
   * @return what became of it for the other nodes
   */
  public CompletionStage<PublishResult> publish(UserId user, String label, byte[] event) {
    // Also an empty label is a line on the bus: nodes of earlier versions look for one.
    return users.publish(user, new BusMessage(label, event));
  }

  @Override
  public void opening(List<OpeningSession> arrivals) {
    List<Session> sessions = arrivals.stream().map(OpeningSession::session).toList();
    Map<UserId, Recipients> sockets =
        users.acquire(sessions.stream().map(Session::userId).toList());
    for (Session session : sessions) {
      Recipients own = sockets.get(session.userId());
      if (own != null) {
        own.add(session);
      }
    }
  }

  @Override
  public void closed(Session session, int code, String reason) {
    Recipients sockets = users.get(session.userId());
    if (sockets != null && sockets.remove(session)) {
      users.release(session.userId());
    }
  }

  private void deliver(Recipients sockets, BusMessage message) {
    byte[] event = message.event();
    String label = message.label();
    sockets.forEach(
        session -> {
          if (label == null || label.isEmpty() || passes(session, label)) {
            session.send(event);
          }
        });
  }

  private boolean passes(Session session, String label) {
    for (DeliveryFilter filter : filters) {
      if (!filter.accepts(session, label)) {
        return false;
      }
    }
    return true;
  }
}
