package dev.realtime4j.server.internal.session.fanout;

import dev.realtime4j.server.internal.session.Session;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that get the same messages, by the lane that writes them.
 *
 * <p>Thread safety: any thread.
 */
public final class Recipients {
  private final Lane[] lanes;

  private static final class Lane {
    private static final Session[] NOBODY = {};

    private final Set<Session> sessions = new LinkedHashSet<>();
    private Session @Nullable [] snapshot = NOBODY;
  }

  /**
   * @param lanes how many lanes the transport has
   */
  public Recipients(int lanes) {
    this.lanes = new Lane[lanes];
    for (int i = 0; i < lanes; i++) {
      this.lanes[i] = new Lane();
    }
  }

  /** Adds one; a second time changes nothing. */
  public void add(Session session) {
    Lane lane = lanes[session.lane()];
    synchronized (lane) {
      lane.sessions.add(session);
      lane.snapshot = null;
    }
  }

  /** Removes one. */
  public void remove(Session session) {
    Lane lane = lanes[session.lane()];
    synchronized (lane) {
      lane.sessions.remove(session);
      lane.snapshot = null;
    }
  }

  /** Everybody. */
  public List<Session> all() {
    List<Session> all = new ArrayList<>();
    for (int lane = 0; lane < lanes.length; lane++) {
      all.addAll(List.of(of(lane)));
    }
    return all;
  }

  /** Those of one lane; not to be modified. Copied only when somebody came or went. */
  Session[] of(int number) {
    Lane lane = lanes[number];
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
