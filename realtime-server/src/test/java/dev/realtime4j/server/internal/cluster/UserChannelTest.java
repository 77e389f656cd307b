package dev.realtime4j.server.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.session.LifecycleDispatcher;
import dev.realtime4j.server.internal.session.SessionRegistry;
import dev.realtime4j.server.internal.session.SimulatedSocket;
import dev.realtime4j.server.internal.session.SimulatedSockets;
import dev.realtime4j.server.internal.session.call.MethodTable;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is for one user reaches all of their sockets, and costs what it costs for one. */
class UserChannelTest {
  private final InMemoryCluster cluster = InMemoryCluster.create();
  private final UserChannel here = channel("here");
  private final UserChannel there = channel("there");
  private final SimulatedSockets sockets =
      new SimulatedSockets(
          new ServerId("here"),
          InstantSource.system(),
          new MethodTable(),
          new SessionRegistry(),
          new LifecycleDispatcher(List.of(here), Runnable::run, System::nanoTime));
  private final UserId anna = new UserId(UUID.randomUUID());

  private UserChannel channel(String node) {
    ServerId id = new ServerId(node);
    NodeBus bus = new NodeBus(id, cluster.bus(id), ServerEnvironment.system());
    bus.start();
    return new UserChannel(bus, SimulatedSockets.oneLane());
  }

  private List<SimulatedSocket> connect(int many) {
    List<SimulatedSocket> all = Stream.generate(() -> sockets.connect(anna)).limit(many).toList();
    all.forEach(SimulatedSocket::takeTexts);
    return all;
  }

  private static byte[] event(int number) {
    return ("{\"event\":\"n\",\"data\":" + number + "}").getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void all_sockets_of_a_user_get_the_same_bytes_whichever_node_published_them() {
    List<SimulatedSocket> three = connect(3);
    byte[] own = event(1);

    here.publish(anna, "", own);
    there.publish(anna, "", event(2));

    List<List<byte[]>> texts = three.stream().map(SimulatedSocket::takeTexts).toList();
    for (List<byte[]> one : texts) {
      assertThat(one).hasSize(2);
      assertThat(one.get(0)).isSameAs(own);
      assertThat(one.get(1)).isEqualTo(event(2)).isSameAs(texts.get(0).get(1));
    }
  }

  @Test
  void a_socket_that_has_gone_takes_nothing_from_those_that_stay() {
    List<SimulatedSocket> three = connect(3);

    three.get(0).close(1000);
    three.get(1).close(1000);
    here.publish(anna, "", event(1));
    there.publish(anna, "", event(2));

    assertThat(three.get(2).takeTexts()).containsExactly(event(1), event(2));
    three.get(2).close(1000);
    here.publish(anna, "", event(3));
    List<SimulatedSocket> again = connect(1);
    there.publish(anna, "", event(4));
    assertThat(again.get(0).takeTexts()).containsExactly(event(4));
  }

  @Test
  void what_has_a_label_goes_where_every_filter_lets_it() {
    Set<String> seen = new HashSet<>();
    here.filter((session, label) -> seen.add(label));
    List<SimulatedSocket> one = connect(1);

    here.publish(anna, "a", event(1));
    there.publish(anna, "a", event(1));
    there.publish(anna, "b", event(2));
    here.publish(anna, "", event(3));
    there.publish(anna, "", event(3));

    assertThat(one.get(0).takeTexts()).containsExactly(event(1), event(2), event(3), event(3));
    assertThat(seen).containsExactlyInAnyOrder("a", "b");
  }
}
