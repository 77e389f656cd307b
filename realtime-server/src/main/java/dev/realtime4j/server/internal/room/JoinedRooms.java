package dev.realtime4j.server.internal.room;

import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.server.internal.session.Session;
import java.util.HashSet;
import java.util.Set;

/**
 * The rooms one socket is in. Its lock orders what happens to them.
 *
 * <p>Thread safety: any thread.
 */
final class JoinedRooms {
  private final Set<RoomName> rooms = new HashSet<>();
  private int rechecks;

  static JoinedRooms of(Session session) {
    return session.state(JoinedRooms.class, JoinedRooms::new);
  }

  synchronized boolean contains(RoomName room) {
    return rooms.contains(room);
  }

  synchronized Set<RoomName> all() {
    return Set.copyOf(rooms);
  }

  synchronized int size() {
    return rooms.size();
  }

  synchronized void add(RoomName room) {
    rooms.add(room);
  }

  /** True when the socket was in. */
  synchronized boolean remove(RoomName room) {
    return rooms.remove(room);
  }

  /** The policy is asked again about every room from now on. */
  synchronized void recheck() {
    rechecks++;
  }

  /** How often the policy was asked again. */
  synchronized int rechecks() {
    return rechecks;
  }
}
