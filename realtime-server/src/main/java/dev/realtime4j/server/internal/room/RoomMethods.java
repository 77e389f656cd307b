package dev.realtime4j.server.internal.room;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.room.RoomMember;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomPolicy;
import dev.realtime4j.api.room.Rooms;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.call.Answer;
import dev.realtime4j.server.internal.session.call.MethodTable;
import dev.realtime4j.server.internal.session.call.Params;

/** The methods that clients call about rooms. */
final class RoomMethods {
  private final Rooms rooms;
  private final RoomMembership membership;
  private final RoomPolicy policy;
  private final ClientEvents events;

  RoomMethods(Rooms rooms, RoomMembership membership, RoomPolicy policy, ClientEvents events) {
    this.rooms = rooms;
    this.membership = membership;
    this.policy = policy;
    this.events = events;
  }

  void register(MethodTable methods) {
    methods.register("room.join", this::join);
    methods.register("room.leave", this::leave);
    methods.register("room.members", this::members);
    methods.register("room.publish", this::publish);
  }

  private Answer join(Session session, Params params) {
    RoomName room = RoomName.of(params.string("room"));
    int rechecks = JoinedRooms.of(session).rechecks();
    askPolicy(session, room);
    int members = membership.join(session, room);
    if (JoinedRooms.of(session).rechecks() != rechecks) {
      // The policy may have changed its mind after it was asked, and before the room was entered.
      try {
        askPolicy(session, room);
      } catch (RuntimeException e) {
        membership.leave(session, room);
        throw e;
      }
    }
    return Answer.of(Json.object("room", room, "members", members));
  }

  private void askPolicy(Session session, RoomName room) {
    if (!policy.mayJoin(session.principal(), room)) {
      throw forbidden("join this room");
    }
  }

  private Answer leave(Session session, Params params) {
    RoomName room = RoomName.of(params.string("room"));
    membership.leave(session, room);
    return Answer.of(Json.object("room", room));
  }

  private Answer members(Session session, Params params) {
    RoomName room = RoomName.of(params.string("room"));
    if (!JoinedRooms.of(session).contains(room)) {
      throw forbidden("see the members of a room you are not in; join it first");
    }
    Page<RoomMember> page = rooms.members(room, params.page());
    return Answer.of(
        Json.object(
            "members",
            page.map(member -> Json.object("user_id", member.userId(), "sockets", member.sockets()))
                .items(),
            "next_cursor",
            page.nextCursor()));
  }

  private Answer publish(Session session, Params params) {
    RoomName room = RoomName.of(params.string("room"));
    if (!policy.mayPublish(session.principal(), room)) {
      throw forbidden("publish to this room");
    }
    events.publish(session.userId(), room, params.string("event"), params.value("data"));
    return Answer.EMPTY;
  }

  private static RealtimeException forbidden(String what) {
    return new RealtimeException(ErrorCode.FORBIDDEN, "you may not " + what);
  }
}
