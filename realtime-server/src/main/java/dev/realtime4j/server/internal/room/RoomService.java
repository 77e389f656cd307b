package dev.realtime4j.server.internal.room;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomMember;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomStore;
import dev.realtime4j.api.room.Rooms;
import dev.realtime4j.server.internal.cluster.BusMessage;
import dev.realtime4j.server.internal.cluster.Commands;
import dev.realtime4j.server.internal.cluster.NodeBus;
import dev.realtime4j.server.internal.cluster.UserChannel;

/**
 * Live rooms as a host calls them.
 *
 * <p>Thread safety: any thread.
 */
final class RoomService implements Rooms {
  static final String RECHECK = "room.recheck";
  static final String CLOSE = "room.close";

  private final RoomStore store;
  private final NodeBus bus;
  private final UserChannel users;
  private final Commands commands;
  private final int maxEventBytes;

  RoomService(
      RoomStore store, NodeBus bus, UserChannel users, Commands commands, int maxEventBytes) {
    this.store = store;
    this.bus = bus;
    this.users = users;
    this.commands = commands;
    this.maxEventBytes = maxEventBytes;
  }

  @Override
  public void publish(RoomName room, String event, Json data) {
    if (room.isUserRoom()) {
      publishToUser(room.user(), event, data);
      return;
    }
    bus.publish(
        LocalRoom.channel(room),
        BusMessage.of(RoomEvents.published(room, event, data, maxEventBytes)));
  }

  @Override
  public void publishToUser(UserId user, String event, Json data) {
    users.publish(
        user, "", RoomEvents.published(RoomName.ofUser(user), event, data, maxEventBytes));
  }

  @Override
  public int memberCount(RoomName room) {
    return store.memberCount(room);
  }

  @Override
  public Page<RoomMember> members(RoomName room, PageRequest page) {
    return store.members(room, page);
  }

  @Override
  public void recheck(UserId user) {
    commands.send(RECHECK, Json.object("user_id", user));
  }

  @Override
  public void close(RoomName room) {
    commands.send(CLOSE, Json.object("room", room));
  }
}
