package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.PresenceQueries;
import dev.realtime4j.server.internal.cluster.Commands;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.SessionRegistry;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A user may hold so many sockets in the cluster: when another one opens, the oldest are closed,
 * whichever node has them. Those that a dead node left in the store are the oldest, and count until
 * they expire; nobody alive is closed in their stead.
 *
 * <p>While the store is unavailable each node counts its own, which {@link SessionRegistry} does
 * always.
 *
 * <p>Thread safety: any thread.
 */
final class SocketQuota {
  private static final Logger log = LoggerFactory.getLogger(SocketQuota.class);
  private static final String REPLACE = "replace";

  private final PresenceQueries store;
  private final Commands commands;
  private final SessionRegistry registry;
  private final int maxPerUser;

  SocketQuota(PresenceQueries store, Commands commands, SessionRegistry registry, int maxPerUser) {
    this.store = store;
    this.commands = commands;
    this.registry = registry;
    this.maxPerUser = maxPerUser;
    commands.on(REPLACE, this::closeHere);
  }

  /**
   * A socket has opened. When the others cannot be asked or told now, the next one that opens
   * closes the more.
   *
   * @param sockets how many the user has over all nodes
   */
  void opened(UserId user, int sockets) {
    if (sockets <= maxPerUser) {
      return;
    }
    try {
      List<SocketId> all = store.sockets(user);
      List<SocketId> oldest = all.subList(0, Math.max(0, all.size() - maxPerUser));
      if (!oldest.isEmpty()) {
        commands.send(REPLACE, Json.object("user_id", user, "socket_ids", oldest));
      }
    } catch (RealtimeException e) {
      log.debug("User {} keeps more sockets than allowed: {}", user, e.getMessage());
    }
  }

  private void closeHere(Map<String, Json> params) {
    List<Json> oldest = params.getOrDefault("socket_ids", Json.NULL).elements();
    UserId user = UserId.of(params.getOrDefault("user_id", Json.NULL).asString());
    for (Session session : registry.of(user)) {
      if (oldest.stream().anyMatch(id -> id.asString().equals(session.id().value()))) {
        session.close(CloseCode.REPLACED, SessionRegistry.TOO_MANY);
      }
    }
  }
}
