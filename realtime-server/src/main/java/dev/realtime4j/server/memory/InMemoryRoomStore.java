package dev.realtime4j.server.memory;

import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.Uuids;
import dev.realtime4j.api.room.RoomMember;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** Rooms in memory, under one lock; an empty room leaves nothing behind. */
final class InMemoryRoomStore implements RoomStore {
  private record RoomSocket(ServerId server, SocketId socket) {}

  private final Map<RoomName, NavigableMap<UserId, Set<RoomSocket>>> rooms = new HashMap<>();

  @Override
  public synchronized JoinResult join(
      RoomName room, UserId user, ServerId server, SocketId socket, int maxMembers) {
    NavigableMap<UserId, Set<RoomSocket>> members = members(room);
    Set<RoomSocket> sockets = members.get(user);
    if (sockets != null) {
      sockets.add(new RoomSocket(server, socket));
      return new JoinResult(JoinOutcome.JOINED_AGAIN, members.size());
    }
    if (members.size() >= maxMembers) {
      return new JoinResult(JoinOutcome.FULL, members.size());
    }
    members = rooms.computeIfAbsent(room, key -> new TreeMap<>());
    members.computeIfAbsent(user, key -> new HashSet<>()).add(new RoomSocket(server, socket));
    return new JoinResult(JoinOutcome.JOINED, members.size());
  }

  @Override
  public synchronized LeaveResult leave(
      RoomName room, UserId user, ServerId server, SocketId socket) {
    NavigableMap<UserId, Set<RoomSocket>> members = members(room);
    Set<RoomSocket> sockets = members.getOrDefault(user, Set.of());
    if (!sockets.contains(new RoomSocket(server, socket))) {
      return new LeaveResult(LeaveOutcome.NOT_IN, members.size());
    }
    sockets.remove(new RoomSocket(server, socket));
    if (!sockets.isEmpty()) {
      return new LeaveResult(LeaveOutcome.STILL_IN, members.size());
    }
    members.remove(user);
    if (members.isEmpty()) {
      rooms.remove(room);
    }
    return new LeaveResult(LeaveOutcome.LEFT, members.size());
  }

  @Override
  public synchronized int memberCount(RoomName room) {
    return members(room).size();
  }

  @Override
  public synchronized int socketCount(RoomName room) {
    return members(room).values().stream().mapToInt(Set::size).sum();
  }

  @Override
  public synchronized Page<RoomMember> members(RoomName room, PageRequest page) {
    NavigableMap<UserId, Set<RoomSocket>> members = members(room);
    String cursor = page.cursor();
    if (cursor != null) {
      members = members.tailMap(new UserId(Uuids.cursor(cursor)), false);
    }
    List<RoomMember> items =
        members.entrySet().stream()
            .limit(page.limit())
            .map(member -> new RoomMember(member.getKey(), member.getValue().size()))
            .toList();
    boolean more = members.size() > items.size();
    return new Page<>(items, more ? items.get(items.size() - 1).userId().toString() : null);
  }

  @Override
  public synchronized List<Membership> removeServer(ServerId server) {
    List<Membership> ended = new ArrayList<>();
    Iterator<Map.Entry<RoomName, NavigableMap<UserId, Set<RoomSocket>>>> each =
        rooms.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<RoomName, NavigableMap<UserId, Set<RoomSocket>>> room = each.next();
      room.getValue()
          .entrySet()
          .removeIf(
              member -> {
                Set<RoomSocket> sockets = member.getValue();
                boolean last =
                    sockets.removeIf(socket -> socket.server.equals(server)) && sockets.isEmpty();
                if (last) {
                  ended.add(new Membership(room.getKey(), member.getKey()));
                }
                return last;
              });
      if (room.getValue().isEmpty()) {
        each.remove();
      }
    }
    return ended;
  }

  /** Forgets all members. */
  synchronized void clear() {
    rooms.clear();
  }

  private NavigableMap<UserId, Set<RoomSocket>> members(RoomName room) {
    return rooms.getOrDefault(room, new TreeMap<>());
  }
}
