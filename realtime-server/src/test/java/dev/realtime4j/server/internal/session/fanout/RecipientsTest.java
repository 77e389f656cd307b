package dev.realtime4j.server.internal.session.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.server.internal.session.LifecycleDispatcher;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.SessionRegistry;
import dev.realtime4j.server.internal.session.SimulatedSockets;
import dev.realtime4j.server.internal.session.call.MethodTable;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A set in the order of coming, be they few or many. */
class RecipientsTest {
  private final List<Session> sessions = sessions(40);
  private final Recipients recipients = new Recipients(4);

  private static List<Session> sessions(int count) {
    SessionRegistry registry = new SessionRegistry();
    SimulatedSockets sockets =
        new SimulatedSockets(
            new ServerId("node"),
            InstantSource.system(),
            new MethodTable(),
            registry,
            new LifecycleDispatcher(List.of(), Runnable::run, System::nanoTime));
    for (int i = 0; i < count; i++) {
      sockets.connect(new UserId(UUID.randomUUID()));
    }
    return List.copyOf(registry.all());
  }

  @Test
  void who_is_added_twice_or_removed_twice_is_there_once_or_not_at_all() {
    for (Session session : sessions) {
      recipients.add(session);
      recipients.add(session);
    }
    assertThat(recipients.all()).isEqualTo(sessions);

    List<Session> others = new ArrayList<>(sessions);
    Collections.shuffle(others, new Random(1));
    for (Session session : others) {
      assertThat(recipients.remove(session)).isTrue();
      assertThat(recipients.remove(session)).isFalse();
    }
    assertThat(recipients.all()).isEmpty();
  }

  @Test
  void whoever_comes_and_goes_it_is_the_set_of_those_who_are_there() {
    Set<Session> expected = new LinkedHashSet<>();
    Random random = new Random(2);
    for (int i = 0; i < 5_000; i++) {
      // Few at first, then many.
      Session session = sessions.get(random.nextInt(i < 2_500 ? 10 : sessions.size()));
      if (random.nextBoolean()) {
        recipients.add(session);
        expected.add(session);
      } else {
        assertThat(recipients.remove(session)).isEqualTo(expected.remove(session));
      }
      assertThat(recipients.all()).containsExactlyElementsOf(expected);
    }
  }

  @Test
  void what_was_read_before_somebody_came_does_not_change() {
    recipients.add(sessions.get(0));
    Session[] before = recipients.of(0);

    recipients.add(sessions.get(1));
    recipients.remove(sessions.get(0));

    assertThat(before).containsExactly(sessions.get(0));
    assertThat(recipients.of(0)).containsExactly(sessions.get(1));
    assertThat(recipients.of(3)).isEmpty();
  }
}
