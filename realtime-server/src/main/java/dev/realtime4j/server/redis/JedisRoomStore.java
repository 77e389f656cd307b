package dev.realtime4j.server.redis;

import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomMember;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomStore;
import dev.realtime4j.server.redis.RedisCommands.Call;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Rooms in Redis. The keys of a room are in one slot: its users and its sockets in the order of
 * their names, and for each node the sockets that it brought. Which rooms a node is in stands in a
 * set of the node's own, in another slot: it may name a room too many, never one too few.
 */
final class JedisRoomStore implements RoomStore {
  /** How many sockets of a dead node one script removes. */
  private static final String REMOVE_AT_ONCE = "500";

  private final RedisCommands redis;

  JedisRoomStore(RedisCommands redis) {
    this.redis = redis;
  }

  @Override
  public JoinResult join(
      RoomName room, UserId user, ServerId server, SocketId socket, int maxMembers) {
    remember(server, room);
    List<?> answer = (List<?>) redis.run(joining(room, user, server, socket, maxMembers));
    JoinOutcome outcome = JoinOutcome.valueOf((String) answer.get(0));
    long ofThisServer = (Long) answer.get(2);
    if (outcome == JoinOutcome.FULL) {
      forgetIfEmpty(server, room, ofThisServer);
    } else if (ofThisServer == 1) {
      // A leave at the same time may have removed what was remembered before the join.
      remember(server, room);
    }
    return new JoinResult(outcome, count(answer.get(1)));
  }

  private static Call joining(
      RoomName room, UserId user, ServerId server, SocketId socket, int maxMembers) {
    return new Call(
        LuaScript.ROOM_JOIN,
        keys(room, server),
        List.of(user.toString(), seat(user, server, socket), Integer.toString(maxMembers)));
  }

  /** Remembered before and after, as at a join. */
  @Override
  public void restore(ServerId server, Collection<Seat> seats) {
    String[] rooms =
        seats.stream().map(seat -> seat.room().value()).distinct().toArray(String[]::new);
    if (rooms.length == 0) {
      return;
    }
    redis.run(jedis -> jedis.sadd(serverRooms(server), rooms));
    redis.runAll(
        seats.stream()
            .map(
                seat -> joining(seat.room(), seat.user(), server, seat.socket(), Integer.MAX_VALUE))
            .toList());
    redis.run(jedis -> jedis.sadd(serverRooms(server), rooms));
  }

  @Override
  public LeaveResult leave(RoomName room, UserId user, ServerId server, SocketId socket) {
    List<?> answer =
        (List<?>)
            redis.run(
                new Call(
                    LuaScript.ROOM_LEAVE,
                    keys(room, server),
                    List.of(user.toString(), seat(user, server, socket))));
    LeaveOutcome outcome = LeaveOutcome.valueOf((String) answer.get(0));
    if (outcome != LeaveOutcome.NOT_IN) {
      forgetIfEmpty(server, room, (Long) answer.get(2));
    }
    return new LeaveResult(outcome, count(answer.get(1)));
  }

  @Override
  public int memberCount(RoomName room) {
    return count(redis.run(jedis -> jedis.zcard(users(room))));
  }

  @Override
  public int socketCount(RoomName room) {
    return count(redis.run(jedis -> jedis.zcard(sockets(room))));
  }

  @Override
  public Page<RoomMember> members(RoomName room, PageRequest page) {
    String cursor = page.cursor();
    List<?> answer =
        (List<?>)
            redis.run(
                new Call(
                    LuaScript.ROOM_MEMBERS,
                    List.of(users(room), sockets(room)),
                    List.of(
                        cursor == null ? "" : UserId.of(cursor).toString(),
                        Integer.toString(page.limit() + 1))));
    List<RoomMember> members = new ArrayList<>();
    for (int i = 0; i < answer.size() && members.size() < page.limit(); i += 2) {
      members.add(new RoomMember(UserId.of((String) answer.get(i)), count(answer.get(i + 1))));
    }
    boolean more = answer.size() / 2 > members.size();
    return new Page<>(members, more ? members.get(members.size() - 1).userId().toString() : null);
  }

  @Override
  public List<Membership> removeServer(ServerId server) {
    List<Membership> ended = new ArrayList<>();
    for (String name : redis.run(jedis -> jedis.smembers(serverRooms(server)))) {
      RoomName room = new RoomName(name);
      Call call =
          new Call(LuaScript.ROOM_REMOVE_SERVER, keys(room, server), List.of(REMOVE_AT_ONCE));
      long left;
      do {
        List<?> answer = (List<?>) redis.run(call);
        left = (Long) answer.get(0);
        for (Object user : answer.subList(1, answer.size())) {
          ended.add(new Membership(room, UserId.of((String) user)));
        }
      } while (left > 0);
      redis.run(jedis -> jedis.srem(serverRooms(server), name));
    }
    return ended;
  }

  private void remember(ServerId server, RoomName room) {
    redis.run(jedis -> jedis.sadd(serverRooms(server), room.value()));
  }

  /** A join of the same node may come between the two steps; then the room is remembered again. */
  private void forgetIfEmpty(ServerId server, RoomName room, long ofThisServer) {
    if (ofThisServer == 0) {
      redis.run(jedis -> jedis.srem(serverRooms(server), room.value()));
      if (redis.run(jedis -> jedis.exists(serverSockets(room, server)))) {
        remember(server, room);
      }
    }
  }

  private static List<String> keys(RoomName room, ServerId server) {
    return List.of(users(room), sockets(room), serverSockets(room, server));
  }

  private static String users(RoomName room) {
    return "realtime:room-users:{room:" + room + "}";
  }

  private static String sockets(RoomName room) {
    return "realtime:room-sockets:{room:" + room + "}";
  }

  private static String serverSockets(RoomName room, ServerId server) {
    return "realtime:room-server:{room:" + room + "}:" + server;
  }

  private static String serverRooms(ServerId server) {
    return "realtime:server-rooms:" + server;
  }

  private static String seat(UserId user, ServerId server, SocketId socket) {
    return user + "|" + server + "|" + socket;
  }

  private static int count(Object answer) {
    return ((Long) answer).intValue();
  }
}
