package dev.realtime4j.client.internal;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.room.RoomName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the application wants to hold on every connection: its rooms, its own status, whom it
 * watches. Bounded by what the server allows one socket.
 *
 * <p>Used by the loop only.
 */
final class Desired {
  private final Set<RoomName> rooms = new LinkedHashSet<>();
  private final Map<UserId, Optional<Presence>> watched = new LinkedHashMap<>();
  private @Nullable PresenceStatus status;

  /** Whether the room is new among those wanted. */
  boolean join(RoomName room) {
    return rooms.add(room);
  }

  void leave(RoomName room) {
    rooms.remove(room);
  }

  boolean wants(RoomName room) {
    return rooms.contains(room);
  }

  List<RoomName> rooms() {
    return List.copyOf(rooms);
  }

  /** Sets the wanted status and answers the one before. */
  @Nullable PresenceStatus status(@Nullable PresenceStatus wanted) {
    PresenceStatus before = status;
    status = wanted;
    return before;
  }

  @Nullable PresenceStatus status() {
    return status;
  }

  /** Those among the users who are new among the watched. */
  List<UserId> watch(Collection<UserId> users) {
    return users.stream()
        .filter(user -> watched.putIfAbsent(user, Optional.empty()) == null)
        .collect(Collectors.toList());
  }

  void unwatch(Collection<UserId> users) {
    users.forEach(watched::remove);
  }

  List<UserId> watched() {
    return List.copyOf(watched.keySet());
  }

  /** Remembers how a watched user is; whether that differs from what was known. */
  boolean heard(Presence presence) {
    Optional<Presence> known = watched.get(presence.userId());
    if (known == null) {
      return true;
    }
    watched.put(presence.userId(), Optional.of(presence));
    return !known.map(Presence::status).filter(presence.status()::equals).isPresent();
  }
}
