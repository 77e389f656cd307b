package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.SessionRegistry;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What this node knows of presence by itself: the answer while the store is away.
 *
 * <p>Thread safety: any thread.
 */
final class LocalPresence {
  private final SessionRegistry registry;
  private final InstantSource clock;

  LocalPresence(SessionRegistry registry, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /** How the user is present here; a status other than online is not known without the store. */
  Presence get(UserId user) {
    return registry.of(user).isEmpty()
        ? Presence.offline(user, null)
        : new Presence(user, PresenceStatus.ONLINE, clock.instant());
  }

  /** The sockets of each user here, the most recently active one last. */
  Map<UserId, List<SocketId>> sockets() {
    Map<UserId, List<SocketId>> sockets = new HashMap<>();
    for (UserId user : registry.users()) {
      List<SocketId> own =
          registry.of(user).stream()
              .sorted(Comparator.comparingLong(Session::lastHeardNanos))
              .map(Session::id)
              .toList();
      if (!own.isEmpty()) {
        sockets.put(user, own);
      }
    }
    return sockets;
  }
}
