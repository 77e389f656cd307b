package dev.realtime4j.server.internal.cluster;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.Uuids;
import dev.realtime4j.api.cluster.ServerRegistry;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.health.Problems;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's place among the others: its own signs of life, and what is done about nodes that
 * stopped giving theirs.
 *
 * <p>Thread safety: {@link #beat} and {@link #cleanUpDeadNodes} are called by one thread at a time
 * each: cleaning up after another node never holds up this one's sign of life.
 */
public final class NodeMembership {
  private static final Logger log = LoggerFactory.getLogger(NodeMembership.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final String DUPLICATE = "server.id";

  private final ServerRegistry servers;
  private final ServerId self;
  private final ServerEnvironment environment;
  private final InstantSource clock;
  private final Duration ttl;
  private final Problems problems;
  private final String incarnation = UUID.randomUUID().toString();
  private final PreviousIncarnation previous;
  private final List<MembershipListener> listeners = new CopyOnWriteArrayList<>();
  private final DeadNodeCleanup deadNodes;
  private volatile State state = State.NEW;

  /** Since when the store answers again; {@link Instant#MIN} while it always did. */
  private volatile Instant knownSince = Instant.MIN;

  private boolean joined;
  private boolean previousToCleanUp;
  private volatile PreviousIncarnation.Verdict verdict = PreviousIncarnation.Verdict.GONE;
  private volatile boolean duplicate;

  /**
   * How long things count.
   *
   * @param ttl one sign of life
   * @param claimLease the claim of a node that cleans up after another, before a third may try
   */
  public record Times(Duration ttl, Duration claimLease) {
    private static final Duration CLAIM_LEASE = Duration.ofSeconds(30);

    /** With the usual claim. */
    public static Times of(Duration ttl) {
      return new Times(ttl, CLAIM_LEASE);
    }
  }

  private enum State {
    NEW,
    KNOWN,
    UNAVAILABLE,
    LEFT
  }

  /**
   * @param commands tell a node that was taken for dead
   * @param problems told when another living node has the same id
   */
  public NodeMembership(
      ServerRegistry servers,
      ServerId self,
      ServerEnvironment environment,
      Times times,
      Commands commands,
      Problems problems) {
    this.servers = servers;
    this.self = self;
    this.environment = environment;
    this.clock = environment.clock();
    this.ttl = times.ttl;
    this.problems = problems;
    this.previous = new PreviousIncarnation(servers, self, clock, ttl);
    FalseSuspicion falseSuspicion = new FalseSuspicion(self, commands, listeners);
    this.deadNodes =
        new DeadNodeCleanup(servers, self, times.claimLease, listeners, falseSuspicion::tell);
  }

  /** Adds a listener, before the first sign of life; they are called in this order. */
  public void addListener(MembershipListener listener) {
    listeners.add(listener);
  }

  /** Whether the store answered the last sign of life. */
  public boolean isKnown() {
    return state == State.KNOWN;
  }

  /**
   * Whether a node of this id may still live: no sign of life was given yet, nothing of it was
   * taken over, and the next ones tell.
   */
  public boolean isUndecided() {
    return verdict == PreviousIncarnation.Verdict.UNDECIDED;
  }

  /** Whether another living node has this one's id. */
  public boolean isDuplicate() {
    return duplicate;
  }

  String duplicateMessage() {
    return "another node with the id "
        + self
        + " is running; stop it, or give each node an id (serverId) of its own";
  }

  private void duplicate(boolean now) {
    duplicate = now;
    if (now) {
      problems.report(DUPLICATE, duplicateMessage());
    } else {
      problems.clear(DUPLICATE);
    }
  }

  private boolean isOfAnother(String other) {
    try {
      Uuids.parse("incarnation", other);
      return !other.equals(incarnation);
    } catch (InvalidValueException noNodeWroteIt) {
      return false;
    }
  }

  /**
   * Gives the first sign of life. While a previous incarnation may still live this waits, at most
   * for the time in which that would give its next one.
   *
   * @param patience how long; what is not known then, the next signs of life find out
   * @throws RealtimeException {@code BAD_REQUEST} when it lives
   */
  public void join(Duration patience) {
    LongSupplier nanoTime = environment.nanoTime();
    long end = nanoTime.getAsLong() + patience.toNanos();
    beat();
    try {
      while (isUndecided() && nanoTime.getAsLong() - end < 0) {
        environment.threads().pause(LOOK_EVERY.toNanos());
        beat();
      }
    } catch (InterruptedException theHostCannotWait) {
      // The next signs of life find out.
    }
    if (duplicate) {
      throw RealtimeException.badRequest(duplicateMessage());
    }
  }

  /** Gives a sign of life, unless it were the first one and another node has this id. */
  public void beat() {
    if (state == State.LEFT) {
      return;
    }
    try {
      if (joined) {
        duplicate(servers.incarnation(self).filter(this::isOfAnother).isPresent());
        beaten(!servers.beat(self, incarnation, clock.instant(), ttl));
      } else if (mayJoin()) {
        beaten(joinNow());
      } else {
        state = State.UNAVAILABLE;
      }
    } catch (RealtimeException e) {
      if (state != State.UNAVAILABLE) {
        log.warn("The cluster's store is unavailable: {}", e.getMessage());
      }
      state = State.UNAVAILABLE;
    }
  }

  private boolean mayJoin() {
    verdict = previous.look();
    if (verdict == PreviousIncarnation.Verdict.LIVES) {
      duplicate(true);
    } else if (verdict == PreviousIncarnation.Verdict.GONE) {
      duplicate(false);
    }
    return verdict == PreviousIncarnation.Verdict.GONE;
  }

  /** True when sockets may have opened before: the store lacks them. */
  private boolean joinNow() {
    Optional<Instant> previousEnded = servers.lastBeat(self);
    servers.beat(self, incarnation, clock.instant(), ttl);
    joined = true;
    previousToCleanUp = previousEnded.isPresent();
    listeners.forEach(listener -> listener.onJoined(previousEnded));
    return state == State.UNAVAILABLE;
  }

  private void beaten(boolean stateLost) {
    boolean lost = stateLost;
    if (lost) {
      knownSince = clock.instant(); // So may the others be to the store.
    }
    if (state != State.KNOWN) {
      knownSince = state == State.UNAVAILABLE ? clock.instant() : Instant.MIN;
      state = State.KNOWN;
    }
    if (previousToCleanUp) {
      listeners.forEach(MembershipListener::onPreviousIncarnation);
      previousToCleanUp = false;
      lost = true;
    }
    if (lost) {
      log.info("The cluster's store does not hold what this node does; it is written again");
      listeners.forEach(MembershipListener::onStateLost);
    }
  }

  /**
   * Looks for dead nodes, and cleans up after them. Not soon after an outage: the others give their
   * signs of life again first.
   */
  public void cleanUpDeadNodes() {
    Instant since = knownSince;
    Instant now = clock.instant();
    boolean steady = since.equals(Instant.MIN) || !now.isBefore(since.plus(ttl.dividedBy(2)));
    if (state == State.KNOWN && steady) {
      deadNodes.run(now);
    }
  }

  /** Leaves on purpose, with nothing left to clean up. */
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
  public void abandon() {
    state = State.LEFT;
  }
}
