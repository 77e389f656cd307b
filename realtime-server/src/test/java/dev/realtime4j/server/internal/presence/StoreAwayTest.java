package dev.realtime4j.server.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.server.CapturedLog;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a node says of a store that is away as a whole or in part. */
class StoreAwayTest {
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final InMemoryCluster memory = InMemoryCluster.create(() -> now);
  private Away away = Away.NOTHING;
  private final SimulatedNode node =
      new SimulatedNode("node", new DisturbedCluster(memory, this::before), () -> now);
  private final UserId user = new UserId(UUID.randomUUID());

  private enum Away {
    NOTHING,
    /** One that is asked nothing has nothing to fail at. */
    ALL,
    /** Another part than that of the user. */
    PART
  }

  @Test
  void it_is_away_until_it_answers_and_not_between_two_questions() {
    saysOnceThatItIsGoneAndOnceThatItIsBack(Away.ALL);
  }

  @Test
  void it_is_away_as_long_as_a_part_of_it_is() {
    saysOnceThatItIsGoneAndOnceThatItIsBack(Away.PART);
  }

  private void saysOnceThatItIsGoneAndOnceThatItIsBack(Away how) {
    node.connect(user);
    try (CapturedLog log = CapturedLog.open()) {
      away = how;
      pass(60);
      node.presences().get(user);
      assertThat(said(log)).hasSize(1);
      assertThat(said(log).get(0)).startsWith("The presence store is away");

      away = Away.NOTHING;
      pass(60);

      assertThat(said(log)).hasSize(2);
      assertThat(said(log).get(1)).isEqualTo("The presence store is back");
    }
    assertThat(memory.presence().socketCount(user)).isEqualTo(1);
  }

  private static List<String> said(CapturedLog log) {
    return log.from(Level.INFO).stream()
        .filter(message -> message.startsWith("The presence store"))
        .toList();
  }

  private void pass(int seconds) {
    for (int second = 0; second < seconds; second++) {
      now = now.plusSeconds(1);
      node.second();
    }
  }

  private void before(String method, Object[] arguments) {
    boolean fails =
        switch (away) {
          case NOTHING -> false;
          case PART -> method.equals("reap");
          case ALL -> !method.equals("refresh") || !((Map<?, ?>) arguments[1]).isEmpty();
        };
    if (fails) {
      throw RealtimeException.unavailable("a test", null);
    }
  }
}
