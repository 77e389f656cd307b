package dev.realtime4j.server.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.server.internal.session.SimulatedSocket;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A socket closes after its node has read which ones it has, and before it has prolonged them. */
class ClosedWhileRefreshedTest {
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private Runnable beforeRefresh = () -> {};
  private final InMemoryCluster memory = InMemoryCluster.create(() -> now);
  private final SimulatedNode node =
      new SimulatedNode("node", new DisturbedCluster(memory, this::before), () -> now);
  private final UserId user = new UserId(UUID.randomUUID());

  @Test
  void he_is_gone_after_the_grace_time_and_not_only_after_the_ttl() {
    SimulatedSocket socket = node.connect(user);
    beforeRefresh = () -> socket.close(1001);
    pass(SimulatedNode.REFRESH_TICKS);
    assertThat(memory.presence().socketCount(user)).isZero();

    pass((int) SimulatedNode.GRACE.toSeconds());

    assertThat(node.presence().get(user).status()).isEqualTo(PresenceStatus.OFFLINE);
  }

  @Test
  void his_other_socket_stays() {
    SimulatedSocket socket = node.connect(user);
    node.connect(user);
    beforeRefresh = () -> socket.close(1001);

    pass(SimulatedNode.REFRESH_TICKS);

    assertThat(memory.presence().socketCount(user)).isEqualTo(1);
  }

  private void pass(int seconds) {
    IntStream.range(0, seconds)
        .forEach(
            second -> {
              now = now.plusSeconds(1);
              node.second();
            });
  }

  private void before(String method, Object[] arguments) {
    if (method.equals("refresh") && ((Map<?, ?>) arguments[1]).containsKey(user)) {
      beforeRefresh.run();
    }
  }
}
