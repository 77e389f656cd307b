package dev.realtime4j.server.internal.room;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomStore;
import dev.realtime4j.api.room.RoomStore.JoinOutcome;
import dev.realtime4j.api.room.RoomStore.JoinResult;
import dev.realtime4j.api.room.RoomStore.LeaveOutcome;
import dev.realtime4j.api.room.RoomStore.LeaveResult;
import dev.realtime4j.server.internal.session.Session;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sockets entering and leaving rooms: on this node and in the cluster's store. While the store is
 * away the node goes on alone, and writes what it has once the store is back.
 *
 * <p>Thread safety: any thread; calls about one session are serialised by its {@link Entered}.
 */
final class RoomMembership {
  private static final Logger log = LoggerFactory.getLogger(RoomMembership.class);

  /**
   * How many leaves are remembered while the store is away; what is beyond stays in the store until
   * this node is gone.
   */
  private static final int MAX_DEPARTED = 100_000;

  /** A leave that did not reach the store. */
  private record Departure(RoomName room, UserId user, SocketId socket) {}

  /** The rooms one socket is in. Its lock orders what happens to them. */
  static final class Entered {
    private final Set<RoomName> rooms = new HashSet<>();
  }

  private final RoomStore store;
  private final LocalRooms locals;
  private final RoomAnnouncer announcer;
  private final ServerId server;
  private final int maxMembers;
  private final int maxRooms;
  private final LinkedBlockingQueue<Departure> departed = new LinkedBlockingQueue<>(MAX_DEPARTED);
  private volatile boolean owing;
  private volatile boolean away;

  /**
   * @param maxMembers how many users a room may have, over the cluster
   * @param maxRooms how many rooms a socket may be in
   */
  RoomMembership(
      RoomStore store,
      LocalRooms locals,
      RoomAnnouncer announcer,
      ServerId server,
      int maxMembers,
      int maxRooms) {
    this.store = store;
    this.locals = locals;
    this.announcer = announcer;
    this.server = server;
    this.maxMembers = maxMembers;
    this.maxRooms = maxRooms;
  }

  /** Whether the socket is in the room. */
  boolean isIn(Session session, RoomName room) {
    Entered entered = entered(session);
    synchronized (entered) {
      return entered.rooms.contains(room);
    }
  }

  /** The rooms the socket is in. */
  Set<RoomName> rooms(Session session) {
    Entered entered = entered(session);
    synchronized (entered) {
      return Set.copyOf(entered.rooms);
    }
  }

  /** Enters, and answers how many users are in the room now. */
  int join(Session session, RoomName name) {
    Entered entered = entered(session);
    synchronized (entered) {
      if (!entered.rooms.contains(name) && entered.rooms.size() >= maxRooms) {
        throw new RealtimeException(
            ErrorCode.LIMIT_EXCEEDED, "a socket may be in " + maxRooms + " rooms; leave one first");
      }
      boolean again = entered.rooms.contains(name);
      LocalRoom room = locals.hold(name);
      boolean in = false;
      try {
        JoinResult result = enter(session, room);
        in = result.outcome() != JoinOutcome.FULL;
        if (!in) {
          throw new RealtimeException(
              ErrorCode.ROOM_FULL, "the room has its " + maxMembers + " members already");
        }
        room.members().add(session);
        entered.rooms.add(name);
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

  private JoinResult enter(Session session, LocalRoom room) {
    try {
      return store.join(room.name(), session.userId(), server, session.id(), maxMembers);
    } catch (RealtimeException e) {
      away(e);
      long here = room.members().all().stream().map(Session::userId).distinct().count();
      boolean known = room.members().all().stream().anyMatch(other -> sameUser(other, session));
      if (!known && here >= maxMembers) {
        return new JoinResult(JoinOutcome.FULL, (int) here);
      }
      return new JoinResult(
          known ? JoinOutcome.JOINED_AGAIN : JoinOutcome.JOINED, (int) (known ? here : here + 1));
    }
  }

  private static boolean sameUser(Session one, Session other) {
    return one.userId().equals(other.userId());
  }

  /** Leaves; a room the socket is not in changes nothing. */
  void leave(Session session, RoomName name) {
    Entered entered = entered(session);
    synchronized (entered) {
      LocalRoom room = locals.get(name);
      if (!entered.rooms.remove(name) || room == null) {
        return;
      }
      room.members().remove(session);
      try {
        LeaveResult result = store.leave(name, session.userId(), server, session.id());
        if (result.outcome() == LeaveOutcome.LEFT) {
          announcer.left(name, session.userId(), result.members());
        }
      } catch (RealtimeException e) {
        away(e);
        departed.offer(new Departure(name, session.userId(), session.id()));
        if (room.members().all().stream().noneMatch(other -> sameUser(other, session))) {
          announcer.left(name, session.userId(), room.members().all().size());
        }
      } finally {
        locals.release(name);
      }
    }
  }

  /** Leaves all rooms: the socket is gone. */
  void leaveAll(Session session) {
    rooms(session).forEach(room -> leave(session, room));
  }

  /** Removes what a dead node left, and tells the members. */
  void inherit(ServerId dead) {
    store
        .removeServer(dead)
        .forEach(
            membership -> {
              UserId user = membership.user();
              announcer.left(membership.room(), user, store.memberCount(membership.room()));
            });
  }

  /** Writes again what the store may lack: leaves that did not reach it, then all who are in. */
  void writeAgain() {
    owing = false;
    try {
      for (Departure left = departed.peek(); left != null; left = departed.peek()) {
        store.leave(left.room, left.user, server, left.socket);
        departed.poll();
      }
      for (LocalRoom room : locals.all()) {
        for (Session session : room.members().all()) {
          enterAgain(session, room.name());
        }
      }
      away = false;
    } catch (RealtimeException e) {
      away(e);
    }
  }

  private void enterAgain(Session session, RoomName room) {
    Entered entered = entered(session);
    synchronized (entered) {
      if (entered.rooms.contains(room)) {
        store.join(room, session.userId(), server, session.id(), Integer.MAX_VALUE);
      }
    }
  }

  /** The store may lack something of this node. */
  void owe() {
    owing = true;
  }

  /** Whether the store may lack something of this node. */
  boolean isOwing() {
    return owing;
  }

  private void away(RealtimeException e) {
    owing = true;
    if (!away) {
      away = true;
      log.warn("The room store is away, this node goes on alone: {}", e.getMessage());
    }
  }

  private static Entered entered(Session session) {
    return session.state(Entered.class, Entered::new);
  }
}
