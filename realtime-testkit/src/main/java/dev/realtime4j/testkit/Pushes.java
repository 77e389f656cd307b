package dev.realtime4j.testkit;

import dev.realtime4j.api.UserId;
import dev.realtime4j.protocol.Frame;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Events on their way to who is connected, twice or in another order when the script says so. Used
 * by the wire only.
 */
final class Pushes {
  private final Collection<FakeConnection> connections;
  private @Nullable List<Runnable> held;
  private int copies = 1;

  Pushes(Collection<FakeConnection> connections) {
    this.connections = connections;
  }

  void toUser(UserId user, Frame.Event event) {
    to(connection -> connection.user().equals(user), event);
  }

  void toRoom(String room, Frame.Event event) {
    to(connection -> connection.rooms.contains(room), event);
  }

  void to(Predicate<FakeConnection> whom, Frame.Event event) {
    List.copyOf(connections).stream()
        .filter(FakeConnection::isOpen)
        .filter(whom)
        .forEach(connection -> push(connection, event));
  }

  private void push(FakeConnection connection, Frame.Event event) {
    for (int copy = 0; copy < copies; copy++) {
      Runnable delivery =
          () -> {
            connection.add(event);
            connection.flush();
          };
      if (held == null) {
        delivery.run();
      } else {
        held.add(delivery);
      }
    }
  }

  void duplicatePushes(int of) {
    copies = of;
  }

  /** Keeps what is pushed. */
  void hold() {
    held = new ArrayList<>();
  }

  /** Delivers what was kept, in another order. */
  void release(Random order) {
    List<Runnable> deliveries = held == null ? List.of() : held;
    held = null;
    Collections.shuffle(deliveries, order);
    deliveries.forEach(Runnable::run);
  }
}
