package dev.realtime4j.integration.docs;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomPolicy;
import dev.realtime4j.server.RealtimeServer;

/** What docs/rooms.md shows. */
final class RoomsPage {
  private RoomsPage() {}

  static void rooms(RealtimeServer server, UserId user) {
    // docs:begin
    server.rooms().publish(RoomName.of("match:42"), "score.changed", Json.object("home", 1));
    server.rooms().publishToUser(user, "progress.updated", Json.object("percent", 40));
    server.rooms().memberCount(RoomName.of("match:42"));
    server.rooms().members(RoomName.of("match:42"), PageRequest.first(100)); // in the order of ids
    server.rooms().recheck(user); // ask the policy again, remove where it says no
    server.rooms().close(RoomName.of("match:42")); // remove everybody
    // docs:end
  }

  static void policy() {
    // docs:begin
    RealtimeServer.builder()
        .roomPolicy(
            new RoomPolicy() {
              @Override
              public boolean mayJoin(Principal who, RoomName room) {
                return !room.value().startsWith("staff:") || who.hasScope("staff");
              }

              @Override
              public boolean mayPublish(Principal who, RoomName room) {
                return room.value().startsWith("chat:");
              }
            });
    // docs:end
  }
}
