package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStore.LocalUser;
import dev.realtime4j.api.presence.StatusOverride;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.SessionRegistry;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this node knows of presence by itself: its users, their sockets, and how they chose to be
 * present. It is the answer while the store is unavailable, and what is written again when the
 * store lost its data.
 *
 * <p>Thread safety: any thread.
 */
final class LocalPresence {
  private final SessionRegistry registry;
  private final InstantSource clock;
  private final ConcurrentHashMap<UserId, StatusOverride> choices = new ConcurrentHashMap<>();

  LocalPresence(SessionRegistry registry, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /** How the user is present here. */
  Presence get(UserId user) {
    return registry.of(user).isEmpty()
        ? Presence.offline(user, null)
        : new Presence(user, choice(user).status(), clock.instant());
  }

  /** Remembers how a user chose to be present, as long as they are connected here. */
  void remember(UserId user, StatusOverride choice) {
    if (choice.version() > 0 && !registry.of(user).isEmpty()) {
      choices.merge(user, choice, StatusOverride::or);
    }
  }

  /** Forgets what is remembered of a user who is not connected here any more. */
  void forgetIfGone(UserId user) {
    choices.computeIfPresent(user, (same, choice) -> registry.of(user).isEmpty() ? null : choice);
  }

  /** One share of the users here, the most recently active socket of each last. */
  Map<UserId, LocalUser> users(int share, int shares) {
    choices.keySet().forEach(this::forgetIfGone);
    Map<UserId, LocalUser> users = new HashMap<>();
    for (UserId user : registry.users()) {
      if (Math.floorMod(user.hashCode(), shares) == share) {
        List<Session> own = registry.of(user);
        if (!own.isEmpty()) {
          users.put(user, new LocalUser(byActivity(own), choice(user)));
        }
      }
    }
    return users;
  }

  /** Whether the socket is still open. */
  boolean isOpen(UserId user, SocketId socket) {
    return registry.of(user).stream().anyMatch(session -> session.id().equals(socket));
  }

  private static List<SocketId> byActivity(List<Session> own) {
    return own.size() == 1
        ? List.of(own.get(0).id())
        : own.stream()
            .sorted(Comparator.comparingLong(Session::lastHeardNanos))
            .map(Session::id)
            .toList();
  }

  private StatusOverride choice(UserId user) {
    return choices.getOrDefault(user, StatusOverride.NONE);
  }
}
