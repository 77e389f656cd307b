package dev.realtime4j.server.internal.cluster;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.ServerRegistry;
import dev.realtime4j.api.cluster.ServerRegistry.DeadServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for nodes that stopped giving signs of life, and cleans up after them. What fails is tried
 * again when the claim has run out, by whichever node claims the dead one then.
 *
 * <p>Thread safety: {@link #run} is called by one thread at a time.
 */
final class DeadNodeCleanup {
  private static final Logger log = LoggerFactory.getLogger(DeadNodeCleanup.class);

  private final ServerRegistry servers;
  private final ServerId self;
  private final Duration claimLease;
  private final List<MembershipListener> listeners;
  private final Consumer<ServerId> falselySuspected;

  /**
   * @param claimLease how long one node has for cleaning up after another before a third may try
   * @param listeners clean up
   * @param falselySuspected told of a node that was cleaned up after and lives
   */
  DeadNodeCleanup(
      ServerRegistry servers,
      ServerId self,
      Duration claimLease,
      List<MembershipListener> listeners,
      Consumer<ServerId> falselySuspected) {
    this.servers = servers;
    this.self = self;
    this.claimLease = claimLease;
    this.listeners = listeners;
    this.falselySuspected = falselySuspected;
  }

  void run(Instant now) {
    try {
      for (DeadServer dead : servers.claimDead(now, claimLease)) {
        cleanUp(dead);
      }
    } catch (RealtimeException e) {
      log.debug("Dead nodes are looked for later: {}", e.getMessage());
    }
  }

  private void cleanUp(DeadServer dead) {
    if (dead.server().equals(self)) {
      return; // This process stood still for long; its next sign of life ends the claim.
    }
    log.info("Node {} is gone since {}; cleaning up after it", dead.server(), dead.lastSeen());
    boolean done = true;
    for (MembershipListener listener : listeners) {
      done &= tell(listener, dead);
    }
    if (servers.alive().contains(dead.server())) {
      // It came back, perhaps before the cleaning up took away what it wrote again.
      falselySuspected.accept(dead.server());
    } else if (done) {
      servers.cleanedUp(dead.server());
    }
  }

  private static boolean tell(MembershipListener listener, DeadServer dead) {
    try {
      listener.onNodeDead(dead);
      return true;
    } catch (RealtimeException e) {
      log.warn(
          "Not all of node {} is cleaned up; it is tried again: {}", dead.server(), e.getMessage());
      return false;
    }
  }
}
