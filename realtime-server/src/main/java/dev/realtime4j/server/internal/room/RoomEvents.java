package dev.realtime4j.server.internal.room;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.FrameCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** The events of rooms as they stand on the wire, and the rule for names of the host's own. */
final class RoomEvents {
  /** Not an event: asks the nodes, over the bus, to count a room's members again. */
  static final byte[] RECOUNT = "recount".getBytes(StandardCharsets.UTF_8);

  private static final Set<String> RESERVED = Set.of("connected", "token_expired");
  private static final List<String> RESERVED_PREFIXES =
      List.of("auth.", "notification.", "presence.", "room.", "server.");

  /** What the clients call their own news by: nobody shall take a member's event for it. */
  private static final Set<String> OF_THE_CLIENTS =
      Set.of("state", "unread", "joined", "refused", "repeat", "frame");

  private static final int LONGEST_NAME = 128;

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
   * An event of the host, or of a client after {@link #checkClientName}.
   *
   * @param maxBytes how large the whole message may be
   * @throws RealtimeException {@code BAD_REQUEST} for a name that is taken or malformed, or data
   *     that is too large
   */
  static byte[] published(RoomName room, String event, Json data, int maxBytes) {
    checkName(event);
    byte[] message = event(room, event, data);
    if (message.length > maxBytes) {
      throw RealtimeException.badRequest(
          "the event is larger than " + maxBytes + " bytes: " + message.length);
    }
    return message;
  }

  /**
   * The rule for the names of clients' events, beside the one for all.
   *
   * @throws RealtimeException {@code BAD_REQUEST} for a name that clients use for themselves
   */
  static void checkClientName(String event) {
    if (OF_THE_CLIENTS.contains(event)) {
      throw RealtimeException.badRequest(
          "event must not be a name that clients use for themselves: " + OF_THE_CLIENTS);
    }
  }

  private static void checkName(String event) {
    if (event.isEmpty() || event.length() > LONGEST_NAME) {
      throw RealtimeException.badRequest("event must have 1 to " + LONGEST_NAME + " characters");
    }
    if (event.chars().anyMatch(Character::isISOControl)) {
      throw RealtimeException.badRequest("event must not hold control characters");
    }
    if (event.codePoints().anyMatch(RoomEvents::isHalfOfAPair)) {
      throw RealtimeException.badRequest("event holds half of a surrogate pair");
    }
    if (RESERVED.contains(event) || RESERVED_PREFIXES.stream().anyMatch(event::startsWith)) {
      throw RealtimeException.badRequest(
          "event must not be a name of the protocol itself, such as " + RESERVED_PREFIXES);
    }
  }

  /** Text as UTF-8 could not hold it: it would arrive as another name. */
  private static boolean isHalfOfAPair(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static byte[] event(RoomName room, String event, Json data) {
    return FrameCodec.encodeBytes(new Frame.Event(event, room.value(), data));
  }
}
