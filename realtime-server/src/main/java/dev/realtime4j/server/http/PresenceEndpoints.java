package dev.realtime4j.server.http;

import static dev.realtime4j.server.http.Route.Access.USER;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presences;
import dev.realtime4j.protocol.PresenceJson;
import java.util.List;

/** Who is online. */
final class PresenceEndpoints {
  private final Presences presences;

  PresenceEndpoints(Presences presences) {
    this.presences = presences;
  }

  List<Route> routes() {
    return List.of(new Route("GET", "/presence/{user_id}", USER, 120, this::get));
  }

  private HttpResponse get(Call call) {
    UserId user = new UserId(call.pathUuid("user_id"));
    return HttpResponse.json(200, PresenceJson.of(presences.get(user)));
  }
}
