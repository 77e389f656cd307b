package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.presence.PresenceStatus;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What watchers must have been told of one user. All times are seconds of the simulation.
 *
 * <p>Who has a socket is what they chose to be. Who has none stays so for the grace time, and is
 * offline at the latest when their sockets have run out and a reaper came by. In between both is
 * true.
 */
final class ExpectedUser {
  private static final int GRACE = (int) SimulatedNode.GRACE.toSeconds();
  private static final int TTL = (int) SimulatedNode.TTL.toSeconds();

  /** A second for the reaper, one for the end of the second itself. */
  private static final int TICK = 2;

  /** Until every node has noticed a flush and written its users again. */
  static final int REWRITTEN = 10 + TICK;

  /** Until every node knows what was chosen on another: all shares have been prolonged once. */
  private static final int LEARNED = SimulatedNode.REFRESH_TICKS + TICK;

  private static final int LONG_AGO = -10_000;

  /** How many sockets on which node, and since when any. */
  private final Map<Integer, Integer> sockets = new HashMap<>();

  private final Map<Integer, Integer> since = new HashMap<>();
  private Set<PresenceStatus> status = EnumSet.of(PresenceStatus.ONLINE);
  private int chosenOn = -1;
  private int chosenAt = LONG_AGO;
  private int lastOpen = LONG_AGO;
  private int goneBy = LONG_AGO;
  private int flushed = LONG_AGO;
  private int flushedBefore = LONG_AGO;

  /** When the first of several flushes came, between which not all could be written again. */
  private int losing = LONG_AGO;

  private boolean lost;

  void connected(int node, int now) {
    if (sockets.isEmpty()) {
      if (now >= goneBy) {
        status = EnumSet.of(PresenceStatus.ONLINE);
      } else if (now >= lastOpen + GRACE || lost) {
        status.add(PresenceStatus.ONLINE); // He may have been gone.
      }
      lost = false;
    }
    sockets.merge(node, 1, Integer::sum);
    since.putIfAbsent(node, now);
  }

  void closed(int node, int now) {
    if (sockets.merge(node, -1, Integer::sum) == 0) {
      ended(node, now);
    }
    goneBy(now + GRACE + TICK);
  }

  void killed(int node, int now) {
    if (sockets.containsKey(node)) {
      ended(node, now);
      goneBy(now + TTL + TICK);
    }
  }

  private void ended(int node, int now) {
    sockets.remove(node);
    since.remove(node);
    chosenOn = node == chosenOn ? -1 : chosenOn;
    lastOpen = now;
    if (now <= flushed + REWRITTEN) {
      remember(flushed);
      if (sockets.isEmpty()) {
        forgotten(flushed);
      }
    }
  }

  void chose(int node, PresenceStatus chosen, int now) {
    status = EnumSet.of(chosen);
    chosenOn = node;
    chosenAt = now;
  }

  void flushed(int now) {
    if (now > flushed + REWRITTEN) {
      losing = now;
    }
    flushedBefore = flushed;
    flushed = now;
    if (sockets.isEmpty() && now < goneBy) {
      forgotten(now);
    }
    remember(now);
  }

  /**
   * What no node knows that still has one of their sockets is lost with the store; then an earlier
   * choice may count again.
   */
  private void remember(int time) {
    boolean remembered = since.keySet().stream().anyMatch(node -> knows(node, time));
    if (!remembered) {
      status = EnumSet.of(PresenceStatus.ONLINE, PresenceStatus.BUSY);
    }
  }

  /** The node where it was chosen, those that asked for it at a connect, and after a while all. */
  private boolean knows(int node, int time) {
    int connected = since.getOrDefault(node, time);
    int stored = Math.max(chosenAt, flushedBefore + REWRITTEN);
    return node == chosenOn
        || connected > stored && connected < time
        || Math.max(connected, stored) + LEARNED <= time;
  }

  /** Nothing of them is left in the store: they are missed when nobody has written them again. */
  private void forgotten(int now) {
    lost = true;
    goneBy(now + REWRITTEN + TTL + TICK);
  }

  private void goneBy(int time) {
    goneBy = Math.max(goneBy, time);
  }

  boolean isConnected() {
    return !sockets.isEmpty();
  }

  /**
   * What a watcher may believe now.
   *
   * @param watchingSince when they were told the state for the first time
   */
  Set<PresenceStatus> allowed(int now, int watchingSince) {
    Set<PresenceStatus> allowed = EnumSet.copyOf(status);
    boolean rewriting = now <= flushed + REWRITTEN;
    if (rewriting) {
      allowed.addAll(EnumSet.of(PresenceStatus.ONLINE, PresenceStatus.BUSY));
    }
    if (sockets.isEmpty() && now >= goneBy) {
      return EnumSet.of(PresenceStatus.OFFLINE);
    }
    boolean mayBeGone = sockets.isEmpty() && (lost || now >= lastOpen + GRACE);
    if (mayBeGone || rewriting && watchingSince >= losing) {
      allowed.add(PresenceStatus.OFFLINE);
    }
    return allowed;
  }
}
