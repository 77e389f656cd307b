package dev.realtime4j.server.http;

import static dev.realtime4j.server.http.Route.Access.ADMIN;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.server.Broadcaster;
import java.util.List;

/** Live events to a room or a user. */
final class BroadcastEndpoints {
  private static final String USER_PREFIX = "user:";
  private static final int LONGEST_EVENT = 128;

  private final Broadcaster broadcaster;

  BroadcastEndpoints(Broadcaster broadcaster) {
    this.broadcaster = broadcaster;
  }

  List<Route> routes() {
    return List.of(new Route("POST", "/broadcast", ADMIN, 100, Route.Body.READ, this::broadcast));
  }

  private HttpResponse broadcast(Call call) {
    Fields body = call.body();
    RoomName channel = channel(body.required("channel"));
    String event = body.required("event");
    if (event.isEmpty() || event.length() > LONGEST_EVENT) {
      throw RealtimeException.badRequest("event must have 1 to " + LONGEST_EVENT + " characters");
    }
    int receivers = broadcaster.broadcast(channel, event, body.json("data", Json.EMPTY));
    return HttpResponse.json(200, Json.object("status", "queued", "receivers_count", receivers));
  }

  private static RoomName channel(String name) {
    if (!name.startsWith(USER_PREFIX)) {
      return RoomName.of(name);
    }
    try {
      return RoomName.ofUser(UserId.of(name.substring(USER_PREFIX.length())));
    } catch (InvalidValueException e) {
      throw new RealtimeException(
          ErrorCode.INVALID_CHANNEL, "channel must be a room, or user: and a user's UUID", e);
    }
  }
}
