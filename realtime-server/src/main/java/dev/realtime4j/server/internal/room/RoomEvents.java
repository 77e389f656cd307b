package dev.realtime4j.server.internal.room;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.protocol.CallLimits;
import dev.realtime4j.protocol.EventNames;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.FrameCodec;
import java.nio.charset.StandardCharsets;

/** The events of rooms as they stand on the wire. */
final class RoomEvents {
  /** Not an event: asks the nodes, over the bus, to count a room's members again. */
  static final byte[] RECOUNT = "recount".getBytes(StandardCharsets.UTF_8);

  private RoomEvents() {}

  static byte[] joined(RoomName room, UserId user) {
    return event(room, "room.user_joined", Json.object("user_id", user));
  }

  static byte[] left(RoomName room, UserId user) {
    return event(room, "room.user_left", Json.object("user_id", user));
  }

  static byte[] size(RoomName room, int members) {
    return event(room, "room.size", Json.object("members", members));
  }

  /**
   * An event of the host, or of a client after {@link EventNames#checkOfClient}.
   *
   * @param maxBytes how large the whole message may be
   * @throws InvalidValueException for a name that is taken or malformed, or data that is too large
   */
  static byte[] published(RoomName room, String event, Json data, int maxBytes) {
    EventNames.check(event);
    byte[] message = event(room, event, data);
    CallLimits.checkEventBytes(message.length, maxBytes);
    return message;
  }

  private static byte[] event(RoomName room, String event, Json data) {
    return FrameCodec.encodeBytes(new Frame.Event(event, room.value(), data));
  }
}
