package dev.realtime4j.server.internal.session.fanout;

import dev.realtime4j.server.internal.session.Session;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that get the same messages, by the lane that writes them. A lane that none of them
 * is in costs nothing: most users have one socket.
 *
 * <p>Thread safety: any thread.
 */
public final class Recipients {
  private static final Session[] NOBODY = {};

  private final AtomicReferenceArray<@Nullable Lane> lanes;

  private static final class Lane {
    private final Set<Session> sessions = new LinkedHashSet<>(2);
    private Session @Nullable [] snapshot;
  }

  /**
   * @param lanes how many lanes the transport has
   */
  public Recipients(int lanes) {
    this.lanes = new AtomicReferenceArray<>(lanes);
  }

  /** Adds one; a second time changes nothing. */
  public void add(Session session) {
    Lane lane = lanes.get(session.lane());
    if (lane == null) {
      lanes.compareAndSet(session.lane(), null, new Lane());
      add(session);
      return;
    }
    synchronized (lane) {
      lane.sessions.add(session);
      lane.snapshot = null;
    }
  }

  /** Removes one; false when it was none of them. */
  public boolean remove(Session session) {
    Lane lane = lanes.get(session.lane());
    if (lane == null) {
      return false;
    }
    synchronized (lane) {
      lane.snapshot = null;
      return lane.sessions.remove(session);
    }
  }

  /** Everybody. */
  public List<Session> all() {
    List<Session> all = new ArrayList<>();
    forEach(all::add);
    return all;
  }

  /** Does something with everybody, in the order in which they came within a lane. */
  public void forEach(Consumer<Session> action) {
    for (int lane = 0; lane < lanes.length(); lane++) {
      for (Session session : of(lane)) {
        action.accept(session);
      }
    }
  }

  /** Those of one lane; not to be modified. Copied only when somebody came or went. */
  Session[] of(int number) {
    Lane lane = lanes.get(number);
    if (lane == null) {
      return NOBODY;
    }
    synchronized (lane) {
      Session[] sessions = lane.snapshot;
      if (sessions == null) {
        sessions = lane.sessions.toArray(Session[]::new);
        lane.snapshot = sessions;
      }
      return sessions;
    }
  }
}
