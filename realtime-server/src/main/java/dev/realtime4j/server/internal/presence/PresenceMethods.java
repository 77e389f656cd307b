package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresencePolicy;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.protocol.PresenceJson;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.call.Answer;
import dev.realtime4j.server.internal.session.call.MethodTable;
import dev.realtime4j.server.internal.session.call.Params;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The methods by which clients ask for presence and set their own. */
final class PresenceMethods {

  private final PresenceService service;
  private final PresenceAnswers answers;
  private final PresencePolicy policy;
  private final PresenceStore store;
  private final ServerId server;
  private final Duration ttl;

  PresenceMethods(
      PresenceService service,
      PresenceAnswers answers,
      PresencePolicy policy,
      PresenceStore store,
      ServerId server,
      Duration ttl) {
    this.service = service;
    this.answers = answers;
    this.policy = policy;
    this.store = store;
    this.server = server;
    this.ttl = ttl;
  }

  void register(MethodTable methods) {
    methods.register("presence.set", this::set);
    methods.register("presence.get", this::get);
  }

  /** Setting is a sign of life as well. */
  private Answer set(Session session, Params params) {
    PresenceStatus status = PresenceJson.status(params.string("status"));
    answers.requireStore();
    store.connected(session.userId(), server, session.id(), ttl);
    return Answer.of(PresenceJson.of(service.set(session.userId(), status)));
  }

  private Answer get(Session session, Params params) {
    Set<UserId> asked = AskedUsers.of(session, params);
    Set<UserId> visible = policy.visible(session.principal(), asked);
    return Answer.of(
        answer(answers.known(asked.stream().filter(visible::contains).toList()), asked));
  }

  /** In the order of the questions; whoever is not known may not be seen. */
  static Json answer(PresenceAnswers.Known known, Set<UserId> asked) {
    List<Json> presences =
        asked.stream()
            .map(user -> known.presences().getOrDefault(user, Presence.offline(user, null)))
            .map(PresenceJson::of)
            .toList();
    return known.freshness() == PresenceAnswers.Freshness.STALE
        ? Json.object("presences", presences, "stale", true)
        : Json.object("presences", presences);
  }
}
