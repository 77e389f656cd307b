package dev.realtime4j.server.memory;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.ServerRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Signs of life in memory. */
final class InMemoryServerRegistry implements ServerRegistry {
  /** A node: its last beat, until when it counts, and until when its death is claimed. */
  private record Node(
      String incarnation, Instant lastBeat, Instant livesUntil, Instant claimedUntil) {}

  private final InstantSource clock;
  private final Map<ServerId, Node> nodes = new HashMap<>();

  InMemoryServerRegistry(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public boolean beat(ServerId server, Instant at, Duration ttl) {
    return beat(server, "", at, ttl);
  }

  @Override
  public synchronized boolean beat(ServerId server, String incarnation, Instant at, Duration ttl) {
    Instant now = clock.instant();
    Node before = nodes.put(server, new Node(incarnation, at, now.plus(ttl), Instant.MIN));
    return before != null && before.livesUntil.isAfter(now);
  }

  @Override
  public synchronized Optional<String> incarnation(ServerId server) {
    Node node = nodes.get(server);
    return node == null || !node.livesUntil.isAfter(clock.instant()) || node.incarnation.isEmpty()
        ? Optional.empty()
        : Optional.of(node.incarnation);
  }

  @Override
  public synchronized Optional<Instant> lastBeat(ServerId server) {
    return Optional.ofNullable(nodes.get(server)).map(Node::lastBeat);
  }

  @Override
  public synchronized Set<ServerId> alive() {
    Instant now = clock.instant();
    Set<ServerId> alive = new HashSet<>();
    nodes.forEach(
        (server, node) -> {
          if (node.livesUntil.isAfter(now)) {
            alive.add(server);
          }
        });
    return alive;
  }

  @Override
  public synchronized List<DeadServer> claimDead(Instant at, Duration lease) {
    Instant now = clock.instant();
    List<DeadServer> dead = new ArrayList<>();
    nodes.replaceAll(
        (server, node) -> {
          if (node.livesUntil.isAfter(now) || node.claimedUntil.isAfter(now)) {
            return node;
          }
          dead.add(new DeadServer(server, node.lastBeat));
          return new Node(node.incarnation, node.lastBeat, node.livesUntil, now.plus(lease));
        });
    return dead;
  }

  @Override
  public synchronized void cleanedUp(ServerId server) {
    Instant now = clock.instant();
    nodes.computeIfPresent(server, (key, node) -> node.livesUntil.isAfter(now) ? node : null);
  }

  @Override
  public synchronized void leave(ServerId server) {
    nodes.remove(server);
  }

  /** Forgets all nodes. */
  synchronized void clear() {
    nodes.clear();
  }
}
