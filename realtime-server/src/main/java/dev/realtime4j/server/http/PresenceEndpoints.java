package dev.realtime4j.server.http;

import static dev.realtime4j.server.http.Route.Access.USER;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresencePolicy;
import dev.realtime4j.api.presence.Presences;
import dev.realtime4j.protocol.PresenceJson;
import java.util.List;
import java.util.Set;

/** Who is online. */
final class PresenceEndpoints {
  private final Presences presences;
  private final PresencePolicy policy;

  PresenceEndpoints(Presences presences, PresencePolicy policy) {
    this.presences = presences;
    this.policy = policy;
  }

  List<Route> routes() {
    return List.of(new Route("GET", "/presence/{user_id}", USER, 120, this::get));
  }

  private HttpResponse get(Call call) {
    UserId user = new UserId(call.pathUuid("user_id"));
    boolean visible = policy.visible(call.caller(), Set.of(user)).contains(user);
    Presence answer = visible ? presences.get(user) : Presence.offline(user, null);
    return HttpResponse.json(200, PresenceJson.of(answer));
  }
}
