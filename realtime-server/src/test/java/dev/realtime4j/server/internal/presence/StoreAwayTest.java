package dev.realtime4j.server.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.server.CapturedLog;
import dev.realtime4j.server.internal.session.SimulatedSocket;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a node says of a store that is unavailable as a whole or in part. */
class StoreAwayTest {
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final InMemoryCluster memory = InMemoryCluster.create(() -> now);
  private Away away = Away.NOTHING;
  private final List<String> calls = new ArrayList<>();
  private final SimulatedNode node =
      new SimulatedNode("node", new DisturbedCluster(memory, this::before), () -> now);
  private final UserId user = new UserId(UUID.randomUUID());

  private enum Away {
    NOTHING,
    /** One that is asked nothing has nothing to fail at. */
    ALL,
    /** Another part than that of the user. */
    PART,
    /** Nothing is away; what it holds is damaged. */
    REFUSING
  }

  @Test
  void it_is_away_until_it_answers_and_not_between_two_questions() {
    saysOnceThatItIsGoneAndOnceThatItIsBack(Away.ALL);
  }

  @Test
  void it_is_there_when_it_only_refuses_a_call_for_what_it_holds_of_one_user() {
    SimulatedSocket socket = node.connect(user);
    UserId other = new UserId(UUID.randomUUID());
    try (CapturedLog log = CapturedLog.open()) {
      away = Away.REFUSING;
      for (int i = 0; i < 10; i++) {
        socket.call("presence.get", Json.object("user_ids", List.of(user)));
        node.connect(other).close(1000);
      }
      away = Away.NOTHING;

      assertThat(log.from(Level.INFO)).hasSize(1).allMatch(line -> line.contains("refused a call"));
      assertThat(socket.call("presence.set", Json.object("status", "BUSY")).text())
          .contains("BUSY");
    }
  }

  @Test
  void only_the_reaper_asks_it_meanwhile() {
    SimulatedSocket socket = node.connect(user);
    away = Away.ALL;
    pass(1);
    calls.clear();

    node.presence().get(user);
    socket.call("presence.get", Json.object("user_ids", List.of(user)));
    socket.call("presence.watch", Json.object("user_ids", List.of(user)));
    assertThatThrownBy(() -> socket.call("presence.set", Json.object("status", "BUSY")))
        .hasMessageContaining("RT_UNAVAILABLE");
    node.connect(user).close(1000);
    assertThat(calls).isEmpty();

    away = Away.NOTHING;
    pass(1);
    socket.call("presence.set", Json.object("status", "BUSY"));
    assertThat(node.presence().get(user).status()).isEqualTo(PresenceStatus.BUSY);
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
      node.presence().get(user);
      assertThat(said(log)).hasSize(1);
      assertThat(said(log).get(0)).startsWith("The presence store is unavailable");

      away = Away.NOTHING;
      pass(60);

      assertThat(said(log)).hasSize(2);
      assertThat(said(log).get(1)).isEqualTo("The presence store is back");
    }
    assertThat(memory.presence().socketCount(user)).isEqualTo(1);
  }

  @Test
  void who_begins_to_watch_meanwhile_is_told_the_truth_when_it_is_back() {
    SimulatedNode other = new SimulatedNode("other", memory, () -> now);
    other.connect(user);
    SimulatedSocket early = node.connect(new UserId(UUID.randomUUID()));
    SimulatedSocket alone = node.connect(new UserId(UUID.randomUUID()));
    UserId unwatched = new UserId(UUID.randomUUID());
    other.connect(unwatched);
    Json both = Json.object("user_ids", List.of(user, unwatched));
    early.call("presence.watch", Json.object("user_ids", List.of(user)));
    List<String> told = new ArrayList<>();
    away = Away.ALL;
    pass(2);

    List<String> heard = new ArrayList<>();
    alone.forward(message -> heard.add(message.text()));
    alone.call("presence.watch", both);
    node.presence().watch(List.of(unwatched), one -> told.add(one.status().name()));
    assertThat(heard.get(0)).contains("OFFLINE", "\"stale\":true");
    away = Away.NOTHING;
    pass(2);

    assertThat(heard).hasSize(3);
    assertThat(heard.subList(1, 3))
        .allMatch(event -> event.contains("presence.changed") && event.contains("ONLINE"));
    assertThat(told).containsExactly("ONLINE");
    assertThat(early.take()).isEmpty();
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
    calls.add(method);
    if (away == Away.REFUSING) {
      throw new RealtimeException(ErrorCode.INTERNAL, "a test");
    }
    boolean fails =
        switch (away) {
          case NOTHING, REFUSING -> false;
          case PART -> method.equals("reap");
          case ALL -> !method.equals("refresh") || !((Map<?, ?>) arguments[1]).isEmpty();
        };
    if (fails) {
      throw RealtimeException.unavailable("a test", null);
    }
  }
}
