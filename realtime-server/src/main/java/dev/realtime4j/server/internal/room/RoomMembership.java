package dev.realtime4j.server.internal.room;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomStore;
import dev.realtime4j.api.room.RoomStore.JoinOutcome;
import dev.realtime4j.api.room.RoomStore.JoinResult;
import dev.realtime4j.api.room.RoomStore.LeaveOutcome;
import dev.realtime4j.api.room.RoomStore.LeaveResult;
import dev.realtime4j.api.room.RoomStore.RoomSocket;
import dev.realtime4j.server.internal.cluster.RefCountedChannels;
import dev.realtime4j.server.internal.session.Session;

/**
 * Sockets entering and leaving rooms: on this node and in the cluster's store. While the store is
 * unavailable the node goes on alone, and the store is brought up to date when it is back.
 *
 * <p>Thread safety: any thread; calls about one session are serialised by its {@link JoinedRooms}.
 */
final class RoomMembership {
  private final RoomStore store;
  private final RefCountedChannels<RoomName, LocalRoom> locals;
  private final RoomAnnouncer announcer;
  private final RoomReconciler reconciler;
  private final ServerId server;
  private final Limits limits;

  /**
   * How many may be where.
   *
   * @param members how many users a room may have, over the cluster
   * @param rooms how many rooms a socket may be in
   */
  record Limits(int members, int rooms) {}

  RoomMembership(
      RoomStore store,
      RefCountedChannels<RoomName, LocalRoom> locals,
      RoomAnnouncer announcer,
      RoomReconciler reconciler,
      ServerId server,
      Limits limits) {
    this.store = store;
    this.locals = locals;
    this.announcer = announcer;
    this.reconciler = reconciler;
    this.server = server;
    this.limits = limits;
  }

  /** Enters, and answers how many users are in the room now. */
  int join(Session session, RoomName name) {
    JoinedRooms entered = JoinedRooms.of(session);
    synchronized (entered) {
      boolean again = entered.contains(name);
      if (!again && entered.size() >= limits.rooms) {
        throw new RealtimeException(
            ErrorCode.LIMIT_EXCEEDED,
            "a socket may be in " + limits.rooms + " rooms; leave one first");
      }
      LocalRoom room = locals.acquire(name);
      boolean in = false;
      try {
        JoinAttempt entrance = enter(session, room);
        JoinResult result = entrance.result;
        in = result.outcome() != JoinOutcome.FULL;
        if (!in) {
          throw new RealtimeException(
              ErrorCode.ROOM_FULL, "the room has its " + limits.members + " members already");
        }
        room.members().add(session);
        entered.add(name);
        if (entrance.localOnly) {
          reconciler
              .markDirty(); // Once more: the store may have been told of the members just before.
        }
        if (result.outcome() == JoinOutcome.JOINED) {
          announcer.joined(room, session.userId(), result.members());
        }
        return result.members();
      } finally {
        if (!in || again) {
          locals.release(name);
        }
      }
    }
  }

  /** What a join answered, and whether it was this node alone that did. */
  private record JoinAttempt(JoinResult result, boolean localOnly) {}

  private JoinAttempt enter(Session session, LocalRoom room) {
    try {
      reconciler.requireStore();
      return new JoinAttempt(
          store.join(room.name(), session.userId(), server, session.id(), limits.members), false);
    } catch (RealtimeException e) {
      reconciler.away(e);
      long here = room.members().all().stream().map(Session::userId).distinct().count();
      boolean known = isHere(room, session);
      if (!known && here >= limits.members) {
        return new JoinAttempt(new JoinResult(JoinOutcome.FULL, (int) here), true);
      }
      return new JoinAttempt(
          new JoinResult(
              known ? JoinOutcome.JOINED_AGAIN : JoinOutcome.JOINED,
              (int) (known ? here : here + 1)),
          true);
    }
  }

  /** Whether any socket of the session's user is in the room on this node. */
  private static boolean isHere(LocalRoom room, Session session) {
    return room.members().all().stream().anyMatch(other -> other.userId().equals(session.userId()));
  }

  /** Leaves; a room the socket is not in changes nothing. */
  void leave(Session session, RoomName name) {
    JoinedRooms entered = JoinedRooms.of(session);
    synchronized (entered) {
      LocalRoom room = locals.get(name);
      if (!entered.remove(name) || room == null) {
        return;
      }
      room.members().remove(session);
      try {
        reconciler.requireStore();
        LeaveResult result = store.leave(name, session.userId(), server, session.id());
        boolean lost = result.outcome() == LeaveOutcome.NOT_IN && !isHere(room, session);
        if (result.outcome() == LeaveOutcome.LEFT || lost) {
          announcer.left(room, session.userId(), result.members());
        }
      } catch (RealtimeException e) {
        reconciler.departed(new RoomSocket(name, session.userId(), session.id()), entered);
        reconciler.away(e);
        if (!isHere(room, session)) {
          announcer.left(room, session.userId(), room.members().all().size());
        }
      } finally {
        locals.release(name);
      }
    }
  }

  /** Leaves all rooms: the socket is gone. */
  void leaveAll(Session session) {
    JoinedRooms.of(session).all().forEach(room -> leave(session, room));
  }
}
