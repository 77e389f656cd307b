package dev.realtime4j.server.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.server.internal.session.call.MethodTable;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which sockets are opened together, with workers that wait until they are told to work. */
final class LifecycleDispatcherTest {
  private final ArrayDeque<Runnable> workers = new ArrayDeque<>();
  private final List<Integer> groups = new ArrayList<>();
  private final List<UserId> opened = new ArrayList<>();
  private long nanos;
  private final UserId unlucky = new UserId(UUID.randomUUID());

  private final class Group implements SessionLifecycle {
    @Override
    public void opening(List<OpeningSession> arrivals) {
      groups.add(arrivals.size());
    }
  }

  private final class EachByItself implements SessionLifecycle {
    @Override
    public void opening(Session session, Welcome welcome) {
      if (session.userId().equals(unlucky)) {
        throw new AssertionError("a test");
      }
      opened.add(session.userId());
    }
  }

  private static final class Failing implements SessionLifecycle {
    @Override
    public void opening(List<OpeningSession> arrivals) {
      throw new AssertionError("a test");
    }
  }

  private final SimulatedSockets sockets =
      new SimulatedSockets(
          new ServerId("node"),
          InstantSource.system(),
          new MethodTable(),
          new SessionRegistry(),
          new LifecycleDispatcher(
              List.of(new Failing(), new Group(), new EachByItself()), workers::add, () -> nanos));

  private SimulatedSocket connect() {
    return sockets.connect(new UserId(UUID.randomUUID()));
  }

  private void work() {
    for (Runnable task = workers.poll(); task != null; task = workers.poll()) {
      task.run();
    }
  }

  private static List<String> events(SimulatedSocket socket) {
    return socket.take().stream()
        .map(Json::fields)
        .map(f -> f.getOrDefault("event", Json.NULL).asString())
        .toList();
  }

  @Test
  void one_that_opens_alone_waits_for_nobody() {
    SimulatedSocket first = connect();
    work();
    SimulatedSocket second = connect();
    work();

    assertThat(groups).containsExactly(1, 1);
    assertThat(events(first)).containsExactly("connected");
    assertThat(events(second)).containsExactly("connected");
  }

  @Test
  void those_that_open_at_the_same_time_are_opened_together_and_in_order() {
    List<UserId> users =
        IntStream.range(0, 100).mapToObj(i -> new UserId(UUID.randomUUID())).toList();
    List<SimulatedSocket> connected = users.stream().map(sockets::connect).toList();
    assertThat(workers).hasSize(4);

    work();

    assertThat(groups).containsExactly(32, 32, 32, 4);
    assertThat(opened).containsExactlyElementsOf(users);
    assertThat(connected).allSatisfy(one -> assertThat(events(one)).containsExactly("connected"));
  }

  @Test
  void four_groups_at_a_time_and_then_four_again() {
    for (int round = 0; round < 3; round++) {
      IntStream.range(0, 10).forEach(i -> connect());
      assertThat(workers).hasSize(4);
      work();
    }

    assertThat(opened).hasSize(30);
  }

  @Test
  void when_all_groups_are_stuck_another_one_begins_each_second() {
    IntStream.range(0, 5).forEach(i -> connect());
    assertThat(workers).hasSize(4);

    nanos += 999_999_999;
    connect();
    assertThat(workers).hasSize(4);
    nanos++;
    connect();
    connect();
    assertThat(workers).hasSize(5);

    work();
    assertThat(opened).hasSize(8);
    IntStream.range(0, 10).forEach(i -> connect());
    assertThat(workers).as("as before").hasSize(4);
  }

  @Test
  void what_fails_for_one_socket_or_in_one_feature_hinders_nobody() {
    SimulatedSocket before = connect();
    SimulatedSocket hit = sockets.connect(unlucky);
    SimulatedSocket after = connect();

    work();

    assertThat(opened).hasSize(2);
    assertThat(List.of(before, hit, after))
        .allSatisfy(one -> assertThat(events(one)).containsExactly("connected"));
  }
}
