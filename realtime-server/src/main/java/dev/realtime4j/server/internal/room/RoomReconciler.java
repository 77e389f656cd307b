package dev.realtime4j.server.internal.room;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomStore;
import dev.realtime4j.api.room.RoomStore.RoomSocket;
import dev.realtime4j.server.internal.cluster.RefCountedChannels;
import dev.realtime4j.server.internal.session.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the cluster's store of rooms lacks: this node's members since it was unavailable or lost its
 * data, and the end of a dead node's.
 *
 * <p>Thread safety: any thread.
 */
final class RoomReconciler {
  private static final Logger log = LoggerFactory.getLogger(RoomReconciler.class);

  /**
   * How many leaves are remembered while the store is unavailable; what is beyond stays in the
   * store until this node is gone.
   */
  private static final int MAX_DEPARTED = 100_000;

  private final RoomStore store;
  private final RefCountedChannels<RoomName, LocalRoom> locals;
  private final RoomAnnouncer announcer;
  private final ServerId server;
  private final LinkedBlockingQueue<Departed> departed = new LinkedBlockingQueue<>(MAX_DEPARTED);
  private volatile boolean dirty;
  private volatile boolean away;

  /** Who left, and the rooms that they are in since. */
  private record Departed(RoomSocket socket, JoinedRooms entered) {}

  RoomReconciler(
      RoomStore store,
      RefCountedChannels<RoomName, LocalRoom> locals,
      RoomAnnouncer announcer,
      ServerId server) {
    this.store = store;
    this.locals = locals;
    this.announcer = announcer;
    this.server = server;
  }

  /**
   * The store did not do what it was asked. Only when it did not answer it is unavailable: one that
   * answers has lost something of this node at most.
   */
  void away(RealtimeException e) {
    dirty = true;
    if (!away && e.code() == ErrorCode.UNAVAILABLE) {
      away = true;
      log.warn("The room store is unavailable, this node goes on alone: {}", e.getMessage());
    }
  }

  /**
   * A store that does not answer would hold a worker for as long as it is waited for, with each
   * call: only {@link #reconcile} asks it meanwhile.
   *
   * @throws RealtimeException {@code UNAVAILABLE} while the store is known to be unavailable
   */
  void requireStore() {
    if (away) {
      throw RealtimeException.unavailable("the room store is unavailable", null);
    }
  }

  /** A leave that did not reach the store. */
  void departed(RoomSocket socket, JoinedRooms entered) {
    departed.offer(new Departed(socket, entered));
  }

  /** The store may lack something of this node. */
  void markDirty() {
    dirty = true;
  }

  /** Writes again what the store may lack, if it may lack anything. */
  void reconcile() {
    if (dirty) {
      writeAgain();
    }
  }

  /** Writes again what the store may lack: leaves that did not reach it, then all who are in. */
  synchronized void writeAgain() {
    dirty = false;
    Map<RoomSocket, Session> sockets = Map.of();
    try {
      for (Departed left = departed.peek(); left != null; left = departed.peek()) {
        leaveUnlessIn(left.socket, left.entered);
        departed.poll();
      }
      sockets = sockets();
      store.restore(server, List.copyOf(sockets.keySet()));
      for (Map.Entry<RoomSocket, Session> written : sockets.entrySet()) {
        // It may have left meanwhile, perhaps before it was written.
        leaveUnlessIn(written.getKey(), JoinedRooms.of(written.getValue()));
      }
      away = false;
    } catch (RealtimeException e) {
      // Some of them may have been written after they left.
      sockets.forEach((socket, session) -> departedIfOut(socket, JoinedRooms.of(session)));
      away(e);
    }
  }

  private void departedIfOut(RoomSocket socket, JoinedRooms entered) {
    if (!entered.contains(socket.room())) {
      departed(socket, entered);
    }
  }

  private Map<RoomSocket, Session> sockets() {
    Map<RoomSocket, Session> sockets = new HashMap<>();
    for (LocalRoom room : locals.all().values()) {
      for (Session session : room.members().all()) {
        sockets.put(new RoomSocket(room.name(), session.userId(), session.id()), session);
      }
    }
    return sockets;
  }

  /** Under its lock, so that it does not come back in between. */
  private void leaveUnlessIn(RoomSocket socket, JoinedRooms entered) {
    synchronized (entered) {
      if (!entered.contains(socket.room())) {
        store.leave(socket.room(), socket.user(), server, socket.socket());
      }
    }
  }

  /** Removes what a node left that is gone, and tells the members. */
  void removeMembersOf(ServerId gone) {
    Map<RoomName, List<UserId>> ended = new HashMap<>();
    for (RoomStore.Membership membership : store.removeServer(gone)) {
      ended.computeIfAbsent(membership.room(), room -> new ArrayList<>()).add(membership.user());
    }
    ended.forEach((room, users) -> announcer.left(room, users, store.memberCount(room)));
  }
}
