package dev.realtime4j.server.internal.session.fanout;

import dev.realtime4j.server.internal.session.Session;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** The sessions of one lane, in the order in which they came. */
  private static final class Lane {
    /** So many are looked through faster than a set is, which takes several times the memory. */
    private static final int FEW = 8;

    /** Null while there are few. */
    private @Nullable Set<Session> many;

    /** Copied from the many only when somebody came or went: then it is null. */
    private Session @Nullable [] snapshot = NOBODY;

    synchronized void add(Session session) {
      if (many == null) {
        Session[] few = sessions();
        if (few.length < FEW) {
          snapshot = List.of(few).contains(session) ? few : with(few, session);
          return;
        }
        many = new LinkedHashSet<>(List.of(few));
      }
      many.add(session);
      snapshot = null;
    }

    private static Session[] with(Session[] few, Session session) {
      Session[] more = Arrays.copyOf(few, few.length + 1);
      more[few.length] = session;
      return more;
    }

    synchronized boolean remove(Session session) {
      if (many != null) {
        snapshot = null;
        return many.remove(session);
      }
      Session[] few = sessions();
      Session[] left = Arrays.stream(few).filter(other -> other != session).toArray(Session[]::new);
      snapshot = left;
      return left.length < few.length;
    }

    synchronized Session[] sessions() {
      Session[] sessions = snapshot;
      if (sessions == null) {
        sessions = many == null ? NOBODY : many.toArray(Session[]::new);
        snapshot = sessions;
      }
      return sessions;
    }
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
    lane.add(session);
  }

  /** Removes one; false when it was none of them. */
  public boolean remove(Session session) {
    Lane lane = lanes.get(session.lane());
    return lane != null && lane.remove(session);
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
    return lane == null ? NOBODY : lane.sessions();
  }
}
