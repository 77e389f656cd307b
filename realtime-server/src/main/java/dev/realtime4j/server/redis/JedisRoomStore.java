package dev.realtime4j.server.redis;

import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.Uuids;
import dev.realtime4j.api.room.RoomMember;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomStore;
import dev.realtime4j.server.redis.RedisCommands.Call;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rooms in Redis. The keys of a room are in one slot: its users and its sockets in the order of
 * their names, and for each node the sockets that it brought. So what is lost of a room is known by
 * what is left of it. Which rooms a node is in stands in {@link RoomsOfServers}.
 */
final class JedisRoomStore implements RoomStore {
  /** How many sockets of a dead node one script removes. */
  private static final String REMOVE_AT_ONCE = "500";

  private final RedisCommands redis;
  private final JedisServerRegistry servers;
  private final RoomsOfServers rooms;

  /**
   * @param servers knows the nodes, each of which has keys of its own in a room
   */
  JedisRoomStore(RedisCommands redis, JedisServerRegistry servers) {
    this.redis = redis;
    this.servers = servers;
    this.rooms = new RoomsOfServers(redis);
  }

  @Override
  public JoinResult join(
      RoomName room, UserId user, ServerId server, SocketId socket, int maxMembers) {
    rooms.remember(server, room);
    List<?> answer = (List<?>) redis.run(joining(room, user, server, socket, maxMembers));
    JoinOutcome outcome = JoinOutcome.valueOf((String) answer.get(0));
    long ofThisServer = (Long) answer.get(2);
    if (outcome == JoinOutcome.FULL) {
      rooms.forgetIfEmpty(server, room, ofThisServer);
    } else if (ofThisServer == 1) {
      // A leave at the same time may have removed what was remembered before the join.
      rooms.remember(server, room);
    }
    return new JoinResult(outcome, count(answer.get(1)));
  }

  private Call joining(
      RoomName room, UserId user, ServerId server, SocketId socket, int maxMembers) {
    return new Call(
        LuaScript.ROOM_JOIN,
        RoomKeys.of(room, server),
        List.of(user.toString(), socket(user, server, socket), Integer.toString(maxMembers)),
        rebuild(room));
  }

  /** Remembered before and after, as at a join. */
  @Override
  public void restore(ServerId server, Collection<RoomSocket> sockets) {
    Set<RoomName> all = sockets.stream().map(RoomSocket::room).collect(Collectors.toSet());
    if (all.isEmpty()) {
      return;
    }
    rooms.rememberAll(server, all);
    redis.runAll(
        sockets.stream()
            .map(
                socket ->
                    joining(
                        socket.room(), socket.user(), server, socket.socket(), Integer.MAX_VALUE))
            .toList());
    rooms.rememberAll(server, all);
  }

  @Override
  public LeaveResult leave(RoomName room, UserId user, ServerId server, SocketId socket) {
    List<?> answer =
        (List<?>)
            redis.run(
                new Call(
                    LuaScript.ROOM_LEAVE,
                    RoomKeys.of(room, server),
                    List.of(user.toString(), socket(user, server, socket)),
                    rebuild(room)));
    LeaveOutcome outcome = LeaveOutcome.valueOf((String) answer.get(0));
    if (outcome != LeaveOutcome.NOT_IN) {
      rooms.forgetIfEmpty(server, room, (Long) answer.get(2));
    }
    return new LeaveResult(outcome, count(answer.get(1)));
  }

  @Override
  public int memberCount(RoomName room) {
    return size(room, RoomKeys.users(room));
  }

  @Override
  public int socketCount(RoomName room) {
    return size(room, RoomKeys.sockets(room));
  }

  private int size(RoomName room, String key) {
    return count(redis.run(StoredKey.sortedSet(key), jedis -> jedis.zcard(key), rebuild(room)));
  }

  @Override
  public Page<RoomMember> members(RoomName room, PageRequest page) {
    String cursor = page.cursor();
    List<?> answer =
        (List<?>)
            redis.run(
                new Call(
                    LuaScript.ROOM_MEMBERS,
                    List.of(RoomKeys.users(room), RoomKeys.sockets(room)),
                    List.of(
                        cursor == null ? "" : Uuids.cursor(cursor).toString(),
                        Integer.toString(page.limit() + 1)),
                    rebuild(room)));
    String removed = (String) answer.get(0);
    if (!removed.isEmpty()) {
      redis.damaged().tellText(RoomKeys.users(room), removed, "was removed");
    }
    List<RoomMember> members = new ArrayList<>();
    for (int i = 1; i < answer.size() && members.size() < page.limit(); i += 2) {
      members.add(new RoomMember(UserId.of((String) answer.get(i)), count(answer.get(i + 1))));
    }
    boolean more = answer.size() / 2 > members.size();
    return new Page<>(members, more ? members.get(members.size() - 1).userId().toString() : null);
  }

  @Override
  public List<Membership> removeServer(ServerId server) {
    List<Membership> ended = new ArrayList<>();
    for (RoomName room : rooms.of(server)) {
      Call call =
          new Call(
              LuaScript.ROOM_REMOVE_SERVER,
              RoomKeys.of(room, server),
              List.of(REMOVE_AT_ONCE),
              rebuild(room));
      long left;
      do {
        List<?> answer = (List<?>) redis.run(call);
        left = (Long) answer.get(0);
        for (Object user : answer.subList(1, answer.size())) {
          ended.add(new Membership(room, UserId.of((String) user)));
        }
      } while (left > 0);
      rooms.forget(server, room);
    }
    return ended;
  }

  /** Writes again what the keys of other nodes, and those that are left, know of a room. */
  private Runnable rebuild(RoomName room) {
    return () -> {
      List<String> nodes = servers.names();
      List<String> keys = new ArrayList<>(RoomKeys.ofAll(room));
      nodes.forEach(node -> keys.add(RoomKeys.ofServer(room, node)));
      Call rebuilding = new Call(LuaScript.ROOM_REBUILD, keys, nodes);
      redis.run(rebuilding);
    };
  }

  private static String socket(UserId user, ServerId server, SocketId socket) {
    return user + "|" + server + "|" + socket;
  }

  private static int count(Object answer) {
    return ((Long) answer).intValue();
  }
}
