package dev.realtime4j.server.redis;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.room.RoomName;
import java.util.List;

/** The keys of one room, all in one slot. */
final class RoomKeys {
  private RoomKeys() {}

  /** In the order that the scripts expect, those of one node last. */
  static List<String> of(RoomName room, ServerId server) {
    return List.of(users(room), sockets(room), ofServer(room, server.value()));
  }

  /** Those that no node has for itself. */
  static List<String> ofAll(RoomName room) {
    return List.of(users(room), sockets(room));
  }

  static String users(RoomName room) {
    return "realtime:room-users:{room:" + room + "}";
  }

  static String sockets(RoomName room) {
    return "realtime:room-sockets:{room:" + room + "}";
  }

  static String ofServer(RoomName room, String server) {
    return "realtime:room-server:{room:" + room + "}:" + server;
  }
}
