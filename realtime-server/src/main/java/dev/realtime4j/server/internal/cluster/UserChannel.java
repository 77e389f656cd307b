package dev.realtime4j.server.internal.cluster;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.Registration;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.ClusterBus.PublishResult;
import dev.realtime4j.server.internal.session.OpeningSession;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.SessionLifecycle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Carries events to all sockets of a user, wherever they are. On the bus a message is one line that
 * labels it, then the event as it stands on the wire.
 *
 * <p>Thread safety: any thread.
 */
public final class UserChannel implements SessionLifecycle {
  private static final String PREFIX = "user:";

  /** Labels are kept, those of ours are shorter. */
  private static final int LONGEST_LABEL = 256;

  /** Asked before a labelled event is put into a socket's outbox. */
  public interface DeliveryFilter {
    /**
     * Whether the socket is to get it.
     *
     * @param label as it was published
     */
    boolean accepts(Session session, String label);
  }

  private static final class Listening {
    private final AtomicReference<Registration> registration = new AtomicReference<>();
  }

  private final NodeBus bus;
  private final List<DeliveryFilter> filters = new CopyOnWriteArrayList<>();

  /**
   * @param bus of this node
   */
  public UserChannel(NodeBus bus) {
    this.bus = bus;
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
   * @return what became of it, as the bus says
   */
  public CompletionStage<PublishResult> publish(UserId user, String label, byte[] event) {
    byte[] head = (label + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] message = Arrays.copyOf(head, head.length + event.length);
    System.arraycopy(event, 0, message, head.length, event.length);
    return bus.publish(PREFIX + user, message);
  }

  @Override
  public void opening(List<OpeningSession> arrivals) {
    List<NodeBus.Listening> begun = new ArrayList<>();
    for (OpeningSession arrival : arrivals) {
      Session session = arrival.session();
      NodeBus.Listening listening =
          bus.begin(PREFIX + session.userId(), message -> deliver(session, message));
      session.state(Listening.class, Listening::new).registration.set(listening);
      begun.add(listening);
    }
    bus.awaitConfirmed(begun);
  }

  @Override
  public void closed(Session session, int code, String reason) {
    Registration registration =
        session.state(Listening.class, Listening::new).registration.getAndSet(null);
    if (registration != null) {
      registration.close();
    }
  }

  private void deliver(Session session, byte[] message) {
    int end = 0;
    while (end < message.length && message[end] != '\n') {
      end++;
    }
    int from = Math.min(end + 1, message.length);
    if (end > LONGEST_LABEL) {
      throw RealtimeException.badRequest("its label has " + end + " bytes");
    }
    EventBytes.check(message, from);
    String label = new String(message, 0, end, StandardCharsets.UTF_8);
    if (label.isEmpty() || filters.stream().allMatch(filter -> filter.accepts(session, label))) {
      session.send(Arrays.copyOfRange(message, from, message.length));
    }
  }
}
