package dev.realtime4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.BusListener;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.api.cluster.ClusterBus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the contracts of a cluster's stores share: the backend under test and its nodes' buses. */
abstract class ClusterContract {
  /** Long enough that nothing runs out during a test. */
  static final Duration LONG = Duration.ofMinutes(1);

  /** Short enough to wait for its end. */
  static final Duration SHORT = Duration.ofMillis(300);

  private static final AtomicInteger NAMES = new AtomicInteger();

  private final List<ClusterBus> buses = new ArrayList<>();
  private ClusterBackend cluster;

  /**
   * The backend under test, with nothing stored in it. Asked once before each test; the contract
   * closes the buses that it opens and nothing else.
   */
  protected abstract ClusterBackend emptyCluster();

  @BeforeEach
  final void openCluster() {
    cluster = emptyCluster();
  }

  @AfterEach
  final void closeBuses() {
    buses.forEach(ClusterBus::close);
  }

  final ClusterBackend cluster() {
    return cluster;
  }

  /** A bus of a node of its own, started and connected. */
  final ClusterBus startedBus(BusListener listener) {
    ClusterBus bus = cluster.bus(newServer());
    buses.add(bus);
    bus.start(listener);
    awaitUntil(bus::isConnected);
    return bus;
  }

  static void subscribe(ClusterBus bus, String channel) {
    assertThat(bus.subscribe(channel).toCompletableFuture().orTimeout(20, TimeUnit.SECONDS))
        .succeedsWithin(Duration.ofSeconds(20));
  }

  static ServerId newServer() {
    return new ServerId("node-" + NAMES.incrementAndGet());
  }

  static SocketId newSocket() {
    return new SocketId("socket-" + NAMES.incrementAndGet());
  }

  static UserId newUser() {
    return new UserId(UUID.randomUUID());
  }

  static void letPass(Duration time) {
    await().pollDelay(time).until(() -> true);
  }

  static void awaitUntil(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10)).until(condition);
  }
}
