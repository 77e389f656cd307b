package dev.realtime4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.ServerRegistry;
import dev.realtime4j.api.cluster.ServerRegistry.DeadServer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The laws of {@link ServerRegistry}. */
public abstract class ServerRegistryContract extends ClusterContract {
  private final ServerId server = newServer();
  private ServerRegistry registry;

  @BeforeEach
  final void openRegistry() {
    registry = cluster().servers();
  }

  @Test
  void theFirstBeatIsNewToTheStoreAndTheNextOneIsNot() {
    assertThat(beat(server, LONG)).isFalse();
    assertThat(beat(server, LONG)).isTrue();
  }

  @Test
  void aNodeLivesForTheTtlOfItsLastBeat() {
    ServerId silent = newServer();
    beat(server, LONG);
    beat(silent, SHORT);

    awaitUntil(() -> !registry.alive().contains(silent));
    assertThat(registry.alive()).containsExactly(server);
  }

  @Test
  void theLastBeatIsKnownUntilTheNodeIsBuriedOrLeaves() {
    assertThat(registry.lastBeat(server)).isEmpty();
    Instant at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    registry.beat(server, at, SHORT);
    assertThat(registry.lastBeat(server)).contains(at);
    awaitDeath();
    assertThat(registry.lastBeat(server)).contains(at);

    registry.cleanedUp(server);
    assertThat(registry.lastBeat(server)).isEmpty();

    beat(server, LONG);
    registry.leave(server);
    assertThat(registry.lastBeat(server)).isEmpty();
  }

  @Test
  void aNodeThatLivesIsNotClaimed() {
    beat(server, LONG);

    assertThat(claim(LONG)).isEmpty();
  }

  @Test
  void aDeadNodeIsClaimedWithItsLastSignOfLife() {
    Instant at = Instant.now();
    registry.beat(server, at, SHORT);

    DeadServer dead = awaitDeath();

    assertThat(dead.server()).isEqualTo(server);
    assertThat(dead.lastSeen()).isCloseTo(at, within(1, ChronoUnit.MILLIS));
  }

  @Test
  void aDeadNodeIsClaimedByExactlyOneCaller() {
    beat(server, SHORT);
    awaitUntil(() -> registry.alive().isEmpty());
    ExecutorService nodes = Executors.newFixedThreadPool(4);
    List<CompletableFuture<List<DeadServer>>> claims = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      claims.add(CompletableFuture.supplyAsync(() -> claim(LONG), nodes));
    }
    long claimed = claims.stream().mapToLong(claim -> claim.join().size()).sum();
    nodes.shutdown();

    assertThat(claimed).isEqualTo(1);
    assertThat(claim(LONG)).isEmpty();
  }

  @Test
  void aClaimThatIsNotFinishedIsAnothersAfterTheLease() {
    beat(server, SHORT);
    awaitUntil(() -> claim(SHORT).size() == 1);

    awaitUntil(() -> claim(LONG).size() == 1);
    assertThat(claim(LONG)).isEmpty();
  }

  @Test
  void aBuriedNodeIsNotClaimedAgain() {
    beat(server, SHORT);
    awaitUntil(() -> claim(Duration.ofMillis(1)).size() == 1);

    registry.cleanedUp(server);
    registry.cleanedUp(server);

    letPass(SHORT.multipliedBy(1));
    assertThat(claim(LONG)).isEmpty();
  }

  @Test
  void aNodeThatLeavesIsGoneAtOnceAndNeverClaimed() {
    beat(server, SHORT);
    registry.leave(server);
    registry.leave(server);

    assertThat(registry.alive()).isEmpty();
    letPass(SHORT.multipliedBy(2));
    assertThat(claim(LONG)).isEmpty();
  }

  @Test
  void aNodeThatWasTakenForDeadIsNewWhenItComesBack() {
    beat(server, SHORT);
    awaitDeath();

    assertThat(beat(server, LONG)).isFalse();
    assertThat(registry.alive()).containsExactly(server);
    registry.cleanedUp(server);
    assertThat(registry.alive()).containsExactly(server);
    assertThat(beat(server, LONG)).isTrue();
  }

  @Test
  void aNodeThatCameBackAndDiesAgainIsClaimedAgain() {
    beat(server, SHORT);
    awaitDeath();
    beat(server, SHORT);

    assertThat(awaitDeath().server()).isEqualTo(server);
  }

  @Test
  void theLastOfTwoProcessesWithOneNameIsKnownWhileItsSignOfLifeCounts() {
    assertThat(registry.incarnation(server)).isEmpty();
    registry.beat(server, "first", Instant.now(), LONG);
    assertThat(registry.incarnation(server)).contains("first");

    assertThat(registry.beat(server, "second", Instant.now(), LONG)).isTrue();
    assertThat(registry.incarnation(server)).contains("second");
    registry.leave(server);
    assertThat(registry.incarnation(server)).isEmpty();

    registry.beat(server, "third", Instant.now(), SHORT);
    awaitUntil(() -> registry.incarnation(server).isEmpty());
    assertThat(registry.lastBeat(server)).isPresent();
  }

  private boolean beat(ServerId who, Duration ttl) {
    return registry.beat(who, Instant.now(), ttl);
  }

  private List<DeadServer> claim(Duration lease) {
    return registry.claimDead(Instant.now(), lease);
  }

  private DeadServer awaitDeath() {
    List<DeadServer> dead = new ArrayList<>();
    awaitUntil(
        () -> {
          dead.addAll(claim(LONG));
          return !dead.isEmpty();
        });
    assertThat(dead).hasSize(1);
    return dead.get(0);
  }
}
