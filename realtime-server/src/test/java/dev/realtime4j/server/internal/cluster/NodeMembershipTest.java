package dev.realtime4j.server.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.ServerRegistry;
import dev.realtime4j.api.cluster.ServerRegistry.DeadServer;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.health.ProblemList;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Nodes that live, die, come back, and are mistaken for dead. */
class NodeMembershipTest {
  private static final Duration TTL = Duration.ofSeconds(40);
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private Instant now = START;
  private boolean away;
  private final InMemoryCluster cluster = InMemoryCluster.create(() -> now);
  private final List<String> done = new ArrayList<>();
  private final List<Optional<Instant>> joined = new ArrayList<>();
  private final ProblemList problems = new ProblemList(() -> now);

  private NodeMembership node(String name) {
    ServerId id = new ServerId(name);
    NodeBus bus = new NodeBus(id, cluster.bus(id), ServerEnvironment.system());
    Commands commands = new Commands(bus, Runnable::run, System::nanoTime);
    NodeMembership node =
        new NodeMembership(
            servers(),
            id,
            ServerEnvironment.system().withClock(() -> now),
            NodeMembership.Times.of(TTL),
            commands,
            problems);
    bus.start();
    commands.start();
    node.addListener(new Recording(name));
    return node;
  }

  private final class Recording implements MembershipListener {
    private final String name;

    Recording(String name) {
      this.name = name;
    }

    @Override
    public void onJoined(Optional<Instant> previousEnded) {
      joined.add(previousEnded);
    }

    @Override
    public void onPreviousIncarnation() {
      done.add(name + " cleans up after its previous incarnation");
    }

    @Override
    public void onNodeDead(DeadServer dead) {
      done.add(name + " cleans up after " + dead.server());
    }

    @Override
    public void onStateLost() {
      done.add(name + " writes again");
    }

    @Override
    public void onFalseSuspicion() {
      done.add(name + " was taken for dead and writes again");
    }
  }

  private static MembershipListener onNodeDead(Consumer<DeadServer> task) {
    return new MembershipListener() {
      @Override
      public void onNodeDead(DeadServer dead) {
        task.accept(dead);
      }
    };
  }

  /** What all share, behind a network that can be unavailable. */
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
  private void passWith(NodeMembership alive) {
    pass(30);
    alive.beat();
    pass(11);
    alive.beat();
  }

  @Test
  void a_store_that_came_back_without_signs_of_life_is_not_believed_at_once() {
    NodeMembership a = node("a");
    NodeMembership b = node("b");
    List.of(a, b).forEach(NodeMembership::beat);
    pass(41); // What it has kept of both is too old.

    a.beat();
    a.cleanUpDeadNodes();
    b.beat();
    pass(20);
    a.beat();
    a.cleanUpDeadNodes();

    assertThat(done).containsExactly("a writes again", "b writes again");
  }

  @Test
  void a_dead_node_is_cleaned_up_after_once() {
    NodeMembership a = node("a");
    NodeMembership b = node("b");
    NodeMembership c = node("c");
    List.of(a, b, c).forEach(NodeMembership::beat);
    pass(30);
    a.beat();
    b.beat();
    pass(11);

    List.of(a, b).forEach(NodeMembership::beat);
    List.of(a, b).forEach(NodeMembership::cleanUpDeadNodes);
    pass(31);
    List.of(a, b).forEach(NodeMembership::beat);
    List.of(a, b).forEach(NodeMembership::cleanUpDeadNodes);

    assertThat(done).containsExactly("a cleans up after c");
  }

  @Test
  void what_cannot_be_cleaned_up_is_tried_again_and_hinders_nothing_else() {
    NodeMembership a = node("a");
    List<String> tried = new ArrayList<>();
    a.addListener(
        onNodeDead(
            dead -> {
              tried.add(dead.server().value());
              throw RealtimeException.unavailable("the database is unavailable", null);
            }));
    a.beat();
    node("x").beat();
    node("y").beat();
    passWith(a);
    a.cleanUpDeadNodes();
    assertThat(tried).containsExactlyInAnyOrder("x", "y");
    assertThat(a.isKnown()).isTrue();

    pass(31);
    a.beat();
    a.cleanUpDeadNodes();
    assertThat(tried).hasSize(4);
  }

  @Test
  void a_node_of_the_same_name_that_died_before_is_cleaned_up_after_first() {
    node("a").beat();
    pass(5);
    NodeMembership again = node("a");
    again.beat();
    assertThat(again.isUndecided()).isTrue();
    assertThat(done).isEmpty();
    pass(16); // It would have given a sign of life after 10 s.
    again.beat();

    assertThat(again.isDuplicate()).isFalse();
    assertThat(done)
        .containsExactly("a cleans up after its previous incarnation", "a writes again");
    assertThat(joined).containsExactly(Optional.empty(), Optional.of(START));
  }

  @Test
  void a_node_that_died_long_enough_ago_is_succeeded_at_once_though_its_sign_of_life_counts_yet() {
    node("a").beat();
    pass(21);
    node("a").beat();

    assertThat(done)
        .containsExactly("a cleans up after its previous incarnation", "a writes again");
  }

  @Test
  void a_node_whose_name_another_living_one_has_takes_nothing_over_and_gives_no_sign_of_life() {
    NodeMembership a = node("a");
    a.beat();
    pass(5);
    NodeMembership twin = node("a");
    twin.beat();
    pass(5);
    a.beat();
    twin.beat();

    assertThat(twin.isDuplicate()).isTrue();
    assertThat(twin.isKnown()).isFalse();
    assertThat(a.isDuplicate()).isFalse();
    assertThat(problems.current())
        .extracting(ProblemList.Problem::message)
        .containsExactly(twin.duplicateMessage());
    assertThat(done).isEmpty();

    pass(41); // It dies, and its twin takes its place.
    twin.beat();
    assertThat(twin.isDuplicate()).isFalse();
    assertThat(problems.current()).isEmpty();
    assertThat(done)
        .containsExactly("a cleans up after its previous incarnation", "a writes again");
  }

  @Test
  void two_nodes_that_got_one_name_while_nothing_could_be_known_are_both_told() {
    NodeMembership a = node("a");
    NodeMembership twin = node("a");
    away = true;
    a.beat();
    twin.beat();
    away = false;
    a.beat();
    twin.beat();
    assertThat(twin.isUndecided()).isTrue();
    pass(10);
    a.beat();
    twin.beat();
    assertThat(twin.isDuplicate()).isTrue();
  }

  @Test
  void a_node_that_stood_still_while_another_took_its_name_is_told_and_so_is_the_other() {
    NodeMembership a = node("a");
    a.beat();
    pass(25);
    NodeMembership successor = node("a");
    successor.beat();
    a.beat();
    successor.beat();

    assertThat(a.isDuplicate()).isTrue();
    assertThat(successor.isDuplicate()).isTrue();
    successor.abandon();
    pass(10);
    a.beat();
    pass(10);
    a.beat();
    assertThat(a.isDuplicate()).isFalse();
    assertThat(problems.current()).isEmpty();
  }

  @Test
  void a_node_that_left_has_left_nothing_to_clean_up() {
    NodeMembership before = node("a");
    before.beat();
    before.leave();
    NodeMembership again = node("a");
    again.beat();

    assertThat(done).isEmpty();
    assertThat(joined).containsOnly(Optional.empty());
  }

  @Test
  void a_node_that_abandons_is_cleaned_up_after_by_another() {
    NodeMembership a = node("a");
    NodeMembership b = node("b");
    a.beat();
    b.beat();
    b.abandon();
    pass(30);
    a.beat();
    pass(11);
    a.beat();
    a.cleanUpDeadNodes();

    assertThat(done).containsExactly("a cleans up after b");
  }

  @Test
  void after_a_flush_every_node_writes_again() {
    NodeMembership a = node("a");
    a.beat();
    cluster.flush();
    a.beat();
    a.beat();

    assertThat(done).containsExactly("a writes again");
  }

  @Test
  void after_an_outage_nobody_is_cleaned_up_after_before_they_could_give_a_sign_of_life() {
    NodeMembership a = node("a");
    NodeMembership b = node("b");
    a.beat();
    b.beat();
    away = true;
    pass(10);
    a.beat();
    b.beat();
    pass(50);
    away = false;
    a.beat();
    a.cleanUpDeadNodes();
    pass(10);
    b.beat();
    a.beat();
    pass(10);
    a.cleanUpDeadNodes();

    assertThat(done).containsExactly("a writes again", "b writes again");
  }

  @Test
  void a_node_that_stood_still_does_not_clean_up_after_itself() {
    NodeMembership a = node("a");
    a.beat();
    pass(60);
    a.cleanUpDeadNodes();

    assertThat(done).isEmpty();
  }

  @Test
  void a_node_that_comes_back_while_it_is_cleaned_up_is_told_to_write_again() {
    NodeMembership a = node("a");
    NodeMembership b = node("b");
    a.addListener(onNodeDead(dead -> b.beat()));
    a.beat();
    b.beat();
    passWith(a);
    a.cleanUpDeadNodes();

    assertThat(done)
        .containsExactly(
            "a cleans up after b", "b writes again", "b was taken for dead and writes again");
    assertThat(cluster.servers().alive()).contains(new ServerId("b"));
  }
}
