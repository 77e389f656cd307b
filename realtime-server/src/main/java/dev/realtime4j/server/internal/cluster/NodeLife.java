package dev.realtime4j.server.internal.cluster;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.Uuids;
import dev.realtime4j.api.cluster.ServerRegistry;
import dev.realtime4j.api.cluster.ServerRegistry.DeadServer;
import dev.realtime4j.server.internal.health.Problems;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's signs of life, and what is done about nodes that stopped giving theirs.
 *
 * <p>Thread safety: {@link #tick} and {@link #buryTick} are called by one thread at a time each:
 * cleaning up after another node never holds up this one's sign of life.
 */
public final class NodeLife {
  private static final Logger log = LoggerFactory.getLogger(NodeLife.class);

  /** How long one node has for cleaning up after another before a third may try. */
  private static final Duration CLAIM_LEASE = Duration.ofSeconds(30);

  private final ServerRegistry servers;
  private final ServerId self;
  private final InstantSource clock;
  private final Duration ttl;
  private final Duration claimLease;
  private final List<Consumer<DeadServer>> heirs = new CopyOnWriteArrayList<>();
  private final List<Consumer<ServerId>> apologies = new CopyOnWriteArrayList<>();
  private final List<Runnable> namesakes = new CopyOnWriteArrayList<>();
  private final List<Runnable> forgotten = new CopyOnWriteArrayList<>();
  private volatile State state = State.NEW;
  private volatile Instant knownSince = Instant.MIN;
  private boolean introduced;
  private boolean toBury;
  private volatile Optional<Instant> namesakeEnded = Optional.empty();
  private final List<Runnable> introductions = new CopyOnWriteArrayList<>();
  private final String incarnation = UUID.randomUUID().toString();
  private final Problems problems;
  private final Predecessor predecessor;
  private volatile Predecessor.Verdict verdict = Predecessor.Verdict.GONE;
  private volatile boolean twice;

  private enum State {
    NEW,
    KNOWN,
    AWAY,
    LEFT
  }

  /**
   * @param ttl how long one sign of life counts
   * @param problems told when another living node has the same id
   */
  public NodeLife(
      ServerRegistry servers, ServerId self, InstantSource clock, Duration ttl, Problems problems) {
    this(servers, self, clock, ttl, CLAIM_LEASE, problems);
  }

  /**
   * @param claimLease how long one node has for cleaning up after another
   */
  public NodeLife(
      ServerRegistry servers,
      ServerId self,
      InstantSource clock,
      Duration ttl,
      Duration claimLease,
      Problems problems) {
    this.servers = servers;
    this.self = self;
    this.clock = clock;
    this.ttl = ttl;
    this.claimLease = claimLease;
    this.problems = problems;
    this.predecessor = new Predecessor(servers, self, clock, ttl);
  }

  /** Adds a task that cleans up after a dead node; it may block and be repeated. */
  public void onDeath(Consumer<DeadServer> heir) {
    heirs.add(heir);
  }

  /** Adds a task for when a node was taken for dead and cleaned up after, and is back. */
  public void onMistake(Consumer<ServerId> apology) {
    apologies.add(apology);
  }

  /** Adds a task that cleans up after a node that died with this one's name. */
  public void onNamesake(Runnable task) {
    namesakes.add(task);
  }

  /** Adds a task for the first sign of life; {@link #namesakeEnded} is known then. */
  public void onIntroduced(Runnable task) {
    introductions.add(task);
  }

  /** Adds a task for when the store has lost what this node had written. */
  public void onForgotten(Runnable task) {
    forgotten.add(task);
  }

  /** Whether the store answered the last sign of life. */
  public boolean isKnown() {
    return state == State.KNOWN;
  }

  /** The last sign of life of a node that died with this one's name; empty when none is known. */
  public Optional<Instant> namesakeEnded() {
    return namesakeEnded;
  }

  /**
   * Whether a node of this id may still live: no sign of life was given yet, nothing of it was
   * taken over, and the next ticks tell.
   */
  public boolean isUndecided() {
    return verdict == Predecessor.Verdict.UNDECIDED;
  }

  /** Whether another living node has this one's id. */
  public boolean isTwice() {
    return twice;
  }

  /** What to tell then. */
  public String twiceMessage() {
    return "another node with the id "
        + self
        + " is running; stop it, or give each node an id (serverId) of its own";
  }

  private void twice(boolean now) {
    twice = now;
    if (now) {
      problems.report("server.id", twiceMessage());
    } else {
      problems.clear("server.id");
    }
  }

  private boolean isOfAnother(String other) {
    try {
      Uuids.parse("incarnation", other);
      return !other.equals(incarnation);
    } catch (RealtimeException noNodeWroteIt) {
      return false;
    }
  }

  /** Gives a sign of life, unless it were the first one and another node has this id. */
  public void tick() {
    if (state == State.LEFT) {
      return;
    }
    try {
      boolean first = !introduced;
      if (first) {
        verdict = predecessor.look();
        if (verdict == Predecessor.Verdict.LIVES) {
          twice(true);
        }
        if (verdict != Predecessor.Verdict.GONE) {
          state = State.AWAY;
          return;
        }
        twice(false);
      } else {
        twice(servers.incarnation(self).filter(this::isOfAnother).isPresent());
      }
      Optional<Instant> before = first ? servers.lastBeat(self) : Optional.empty();
      boolean known = servers.beat(self, incarnation, clock.instant(), ttl);
      boolean anew = first ? state == State.AWAY : !known;
      introduced = true;
      if (before.isPresent()) {
        namesakeEnded = before;
        toBury = true;
      }
      if (first) {
        introductions.forEach(Runnable::run);
      }
      if (anew) {
        knownSince = clock.instant(); // So may the others be to the store.
      }
      if (state != State.KNOWN) {
        knownSince = state == State.AWAY ? clock.instant() : Instant.MIN;
        state = State.KNOWN;
      }
      if (toBury) {
        namesakes.forEach(Runnable::run);
        toBury = false;
        anew = true;
      }
      if (anew) {
        log.info("The cluster's store does not hold what this node does; it is written again");
        forgotten.forEach(Runnable::run);
      }
    } catch (RealtimeException e) {
      if (state != State.AWAY) {
        log.warn("The cluster's store is away: {}", e.getMessage());
      }
      state = State.AWAY;
    }
  }

  /**
   * Looks for the dead, and cleans up after them. Not soon after an outage: the others give their
   * signs of life again first.
   */
  public void buryTick() {
    Instant since = knownSince;
    boolean steady =
        since.equals(Instant.MIN) || !clock.instant().isBefore(since.plus(ttl.dividedBy(2)));
    if (state != State.KNOWN || !steady) {
      return;
    }
    try {
      for (DeadServer dead : servers.claimDead(clock.instant(), claimLease)) {
        bury(dead);
      }
    } catch (RealtimeException e) {
      log.debug("Dead nodes are looked for later: {}", e.getMessage());
    }
  }

  private void bury(DeadServer dead) {
    if (dead.server().equals(self)) {
      return; // This process stood still for long; its next sign of life ends the claim.
    }
    log.info("Node {} is gone since {}; cleaning up after it", dead.server(), dead.lastSeen());
    boolean done = true;
    for (Consumer<DeadServer> heir : heirs) {
      try {
        heir.accept(dead);
      } catch (RealtimeException e) {
        done = false;
        log.warn(
            "Not all of node {} is cleaned up; it is tried again: {}",
            dead.server(),
            e.getMessage());
      }
    }
    if (servers.alive().contains(dead.server())) {
      // It came back, perhaps before the cleaning up took away what it wrote again.
      apologies.forEach(apology -> apology.accept(dead.server()));
    } else if (done) {
      servers.buried(dead.server());
    }
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

  /** Ends without leaving: there is something to clean up, and the others find it. */
  public void vanish() {
    state = State.LEFT;
  }
}
