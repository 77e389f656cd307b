package dev.realtime4j.api.room;

import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import java.util.Collection;
import java.util.List;

/**
 * Who is in which room, over all nodes; a service provider interface. A member is a user; they are
 * in a room as long as one of their sockets is.
 *
 * <p>Thread safety: every method may be called by any thread. All of them may block on the network
 * and throw {@link dev.realtime4j.api.RealtimeException} {@code UNAVAILABLE} when the store is
 * unavailable; all of them may be repeated.
 */
public interface RoomStore {
  /**
   * A socket joins. The size check and the join are one atomic step.
   *
   * @param maxMembers how many users the room may have; a user who is already in it may always join
   *     with another socket
   */
  JoinResult join(RoomName room, UserId user, ServerId server, SocketId socket, int maxMembers);

  /** A socket leaves; one that is not in the room changes nothing. */
  LeaveResult leave(RoomName room, UserId user, ServerId server, SocketId socket);

  /** How many users are in the room. */
  int memberCount(RoomName room);

  /** How many sockets are in the room. */
  int socketCount(RoomName room);

  /** The members, each user once, in the order of their ids. */
  Page<RoomMember> members(RoomName room, PageRequest page);

  /**
   * Writes the members again after the store was unavailable or lost its data, without checking
   * sizes and without announcing anybody. In batches if the store can, not with one round trip per
   * socket.
   *
   * @param server the node that holds these sockets
   */
  default void restore(ServerId server, Collection<RoomSocket> sockets) {
    for (RoomSocket socket : sockets) {
      join(socket.room(), socket.user(), server, socket.socket(), Integer.MAX_VALUE);
    }
  }

  /**
   * Removes everything that a node left behind.
   *
   * @return the memberships that ended: users whose last socket in that room was on the node
   */
  List<Membership> removeServer(ServerId server);

  /**
   * What a join did.
   *
   * @param outcome whether the socket is in
   * @param members how many users are in the room now
   */
  record JoinResult(JoinOutcome outcome, int members) {}

  /** How a join ended. */
  enum JoinOutcome {
    /** In, and it is the user's first socket in this room. */
    JOINED,
    /** In, beside other sockets of the same user, or for the second time. */
    JOINED_AGAIN,
    /** The room is full; nothing changed. */
    FULL
  }

  /**
   * What a leave did.
   *
   * @param outcome whether the user is still in
   * @param members how many users are in the room now
   */
  record LeaveResult(LeaveOutcome outcome, int members) {}

  /** How a leave ended. */
  enum LeaveOutcome {
    /** It was the user's last socket in this room. */
    LEFT,
    /** Other sockets of the user are still in the room. */
    STILL_IN,
    /** The socket was not in the room. */
    NOT_IN
  }

  /**
   * A socket in a room.
   *
   * @param room where
   * @param user whose socket it is
   * @param socket which one
   */
  record RoomSocket(RoomName room, UserId user, SocketId socket) {}

  /**
   * A user in a room.
   *
   * @param room where
   * @param user who
   */
  record Membership(RoomName room, UserId user) {}
}
