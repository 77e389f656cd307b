package dev.realtime4j.server.internal.cluster;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.ServerRegistry;
import dev.realtime4j.api.cluster.ServerRegistry.DeadServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's signs of life, and what is done about nodes that stopped giving theirs.
 *
 * <p>Thread safety: {@link #tick} is called by one thread at a time.
 */
public final class NodeLife {
  private static final Logger log = LoggerFactory.getLogger(NodeLife.class);

  /** How long one node has for cleaning up after another before a third may try. */
  private static final Duration CLAIM_LEASE = Duration.ofSeconds(30);

  private final ServerRegistry servers;
  private final ServerId self;
  private final InstantSource clock;
  private final Duration ttl;
  private final List<Consumer<DeadServer>> heirs = new CopyOnWriteArrayList<>();
  private final List<Runnable> forgotten = new CopyOnWriteArrayList<>();
  private volatile State state = State.NEW;

  private enum State {
    NEW,
    KNOWN,
    AWAY,
    LEFT
  }

  /**
   * @param ttl how long one sign of life counts
   */
  public NodeLife(ServerRegistry servers, ServerId self, InstantSource clock, Duration ttl) {
    this.servers = servers;
    this.self = self;
    this.clock = clock;
    this.ttl = ttl;
  }

  /** Adds a task that cleans up after a dead node; it may block and be repeated. */
  public void onDeath(Consumer<DeadServer> heir) {
    heirs.add(heir);
  }

  /** Adds a task for when the store has lost what this node had written. */
  public void onForgotten(Runnable task) {
    forgotten.add(task);
  }

  /** Whether the store answered the last sign of life. */
  public boolean isKnown() {
    return state == State.KNOWN;
  }

  /** Gives a sign of life, and looks for the dead. */
  public void tick() {
    if (state == State.LEFT) {
      return;
    }
    try {
      boolean known = servers.beat(self, clock.instant(), ttl);
      boolean first = state == State.NEW;
      state = State.KNOWN;
      if (!known && !first) {
        log.warn("The cluster's store had forgotten this node; what it held is written again");
        forgotten.forEach(Runnable::run);
      }
      for (DeadServer dead : servers.claimDead(clock.instant(), CLAIM_LEASE)) {
        bury(dead);
      }
    } catch (RealtimeException e) {
      if (state != State.AWAY) {
        log.warn("The cluster's store is away: {}", e.getMessage());
      }
      state = State.AWAY;
    }
  }

  private void bury(DeadServer dead) {
    log.info("Node {} is gone since {}; cleaning up after it", dead.server(), dead.lastSeen());
    for (Consumer<DeadServer> heir : heirs) {
      heir.accept(dead);
    }
    servers.buried(dead.server());
  }

  /** Leaves on purpose. */
  public void leave() {
    boolean reachable = state == State.KNOWN;
    state = State.LEFT;
    if (reachable) {
      try {
        servers.leave(self);
      } catch (RealtimeException e) {
        log.warn("The cluster could not be told that this node leaves: {}", e.getMessage());
      }
    }
  }
}
