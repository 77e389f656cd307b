package dev.realtime4j.server.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.ServerRegistry;
import dev.realtime4j.server.internal.health.ProblemList;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nodes that live, die, come back, and are mistaken for dead. */
class NodeLifeTest {
  private static final Duration TTL = Duration.ofSeconds(40);
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private Instant now = START;
  private boolean away;
  private final InMemoryCluster cluster = InMemoryCluster.create(() -> now);
  private final List<String> done = new ArrayList<>();
  private final ProblemList problems = new ProblemList(() -> now);

  private NodeLife node(String name) {
    NodeLife node = new NodeLife(servers(), new ServerId(name), () -> now, TTL, problems);
    node.onDeath(dead -> done.add(name + " inherits from " + dead.server()));
    node.onNamesake(() -> done.add(name + " buries its namesake"));
    node.onForgotten(() -> done.add(name + " writes again"));
    node.onMistake(server -> done.add(name + " apologises to " + server));
    return node;
  }

  /** What all share, behind a network that can be away. */
  private ServerRegistry servers() {
    return (ServerRegistry)
        Proxy.newProxyInstance(
            ServerRegistry.class.getClassLoader(),
            new Class<?>[] {ServerRegistry.class},
            (proxy, method, arguments) -> {
              if (away) {
                throw RealtimeException.unavailable("away", null);
              }
              try {
                return method.invoke(cluster.servers(), arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void pass(long seconds) {
    now = now.plusSeconds(seconds);
  }

  /** Longer than a sign of life counts, while this one gives its own. */
  private void passWith(NodeLife alive) {
    pass(30);
    alive.tick();
    pass(11);
    alive.tick();
  }

  @Test
  void a_store_that_came_back_without_signs_of_life_is_not_believed_at_once() {
    NodeLife a = node("a");
    NodeLife b = node("b");
    List.of(a, b).forEach(NodeLife::tick);
    pass(41); // What it has kept of both is too old.

    a.tick();
    a.buryTick();
    b.tick();
    pass(20);
    a.tick();
    a.buryTick();

    assertThat(done).containsExactly("a writes again", "b writes again");
  }

  @Test
  void a_dead_node_is_inherited_from_once() {
    NodeLife a = node("a");
    NodeLife b = node("b");
    NodeLife c = node("c");
    List.of(a, b, c).forEach(NodeLife::tick);
    pass(30);
    a.tick();
    b.tick();
    pass(11);

    List.of(a, b).forEach(NodeLife::tick);
    List.of(a, b).forEach(NodeLife::buryTick);
    pass(31);
    List.of(a, b).forEach(NodeLife::tick);
    List.of(a, b).forEach(NodeLife::buryTick);

    assertThat(done).containsExactly("a inherits from c");
  }

  @Test
  void what_cannot_be_cleaned_up_is_tried_again_and_hinders_nothing_else() {
    NodeLife a = node("a");
    List<String> tried = new ArrayList<>();
    a.onDeath(
        dead -> {
          tried.add(dead.server().value());
          throw RealtimeException.unavailable("the database is away", null);
        });
    a.tick();
    node("x").tick();
    node("y").tick();
    passWith(a);
    a.buryTick();
    assertThat(tried).containsExactlyInAnyOrder("x", "y");
    assertThat(a.isKnown()).isTrue();

    pass(31);
    a.tick();
    a.buryTick();
    assertThat(tried).hasSize(4);
  }

  @Test
  void a_node_of_the_same_name_that_died_before_is_buried_first() {
    node("a").tick();
    pass(5);
    NodeLife again = node("a");
    again.tick();
    assertThat(again.isUndecided()).isTrue();
    assertThat(done).isEmpty();
    pass(16); // It would have given a sign of life after 10 s.
    again.tick();

    assertThat(again.isTwice()).isFalse();
    assertThat(done).containsExactly("a buries its namesake", "a writes again");
    assertThat(again.namesakeEnded()).contains(START);
  }

  @Test
  void a_node_that_died_long_enough_ago_is_succeeded_at_once_though_its_sign_of_life_counts_yet() {
    node("a").tick();
    pass(21);
    node("a").tick();

    assertThat(done).containsExactly("a buries its namesake", "a writes again");
  }

  @Test
  void a_node_whose_name_another_living_one_has_takes_nothing_over_and_gives_no_sign_of_life() {
    NodeLife a = node("a");
    a.tick();
    pass(5);
    NodeLife twin = node("a");
    twin.tick();
    pass(5);
    a.tick();
    twin.tick();

    assertThat(twin.isTwice()).isTrue();
    assertThat(twin.isKnown()).isFalse();
    assertThat(a.isTwice()).isFalse();
    assertThat(problems.current())
        .extracting(ProblemList.Problem::message)
        .containsExactly(twin.twiceMessage());
    assertThat(done).isEmpty();

    pass(41); // It dies, and its twin takes its place.
    twin.tick();
    assertThat(twin.isTwice()).isFalse();
    assertThat(problems.current()).isEmpty();
    assertThat(done).containsExactly("a buries its namesake", "a writes again");
  }

  @Test
  void two_nodes_that_got_one_name_while_nothing_could_be_known_are_both_told() {
    NodeLife a = node("a");
    NodeLife twin = node("a");
    away = true;
    a.tick();
    twin.tick();
    away = false;
    a.tick();
    twin.tick();
    assertThat(twin.isUndecided()).isTrue();
    pass(10);
    a.tick();
    twin.tick();
    assertThat(twin.isTwice()).isTrue();
  }

  @Test
  void a_node_that_stood_still_while_another_took_its_name_is_told_and_so_is_the_other() {
    NodeLife a = node("a");
    a.tick();
    pass(25);
    NodeLife successor = node("a");
    successor.tick();
    a.tick();
    successor.tick();

    assertThat(a.isTwice()).isTrue();
    assertThat(successor.isTwice()).isTrue();
    successor.vanish();
    pass(10);
    a.tick();
    pass(10);
    a.tick();
    assertThat(a.isTwice()).isFalse();
    assertThat(problems.current()).isEmpty();
  }

  @Test
  void a_node_that_left_has_left_nothing_to_bury() {
    NodeLife before = node("a");
    before.tick();
    before.leave();
    NodeLife again = node("a");
    again.tick();

    assertThat(done).isEmpty();
    assertThat(again.namesakeEnded()).isEmpty();
  }

  @Test
  void a_node_that_vanishes_is_buried_by_another() {
    NodeLife a = node("a");
    NodeLife b = node("b");
    a.tick();
    b.tick();
    b.vanish();
    pass(30);
    a.tick();
    pass(11);
    a.tick();
    a.buryTick();

    assertThat(done).containsExactly("a inherits from b");
  }

  @Test
  void after_a_flush_every_node_writes_again() {
    NodeLife a = node("a");
    a.tick();
    cluster.flush();
    a.tick();
    a.tick();

    assertThat(done).containsExactly("a writes again");
  }

  @Test
  void after_an_outage_nobody_is_buried_before_he_could_give_a_sign_of_life() {
    NodeLife a = node("a");
    NodeLife b = node("b");
    a.tick();
    b.tick();
    away = true;
    pass(10);
    a.tick();
    b.tick();
    pass(50);
    away = false;
    a.tick();
    a.buryTick();
    pass(10);
    b.tick();
    a.tick();
    pass(10);
    a.buryTick();

    assertThat(done).containsExactly("a writes again", "b writes again");
  }

  @Test
  void a_node_that_stood_still_does_not_bury_itself() {
    NodeLife a = node("a");
    a.tick();
    pass(60);
    a.buryTick();

    assertThat(done).isEmpty();
  }

  @Test
  void a_node_that_comes_back_while_it_is_cleaned_up_is_told_to_write_again() {
    NodeLife a = node("a");
    NodeLife b = node("b");
    a.onDeath(dead -> b.tick());
    a.tick();
    b.tick();
    passWith(a);
    a.buryTick();

    assertThat(done).containsExactly("a inherits from b", "b writes again", "a apologises to b");
    assertThat(cluster.servers().alive()).contains(new ServerId("b"));
  }
}
