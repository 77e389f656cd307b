package dev.realtime4j.server.internal.room;

import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.server.internal.cluster.NodeBus;
import dev.realtime4j.server.internal.session.Lanes;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The rooms that have members on this node. The node listens on the bus to a room as long as one
 * has.
 *
 * <p>Thread safety: any thread; {@link #hold} blocks until the bus listens, for at most a second.
 */
final class LocalRooms {
  private final NodeBus bus;
  private final Lanes lanes;
  private final ConcurrentHashMap<RoomName, LocalRoom> rooms = new ConcurrentHashMap<>();

  LocalRooms(NodeBus bus, Lanes lanes) {
    this.bus = bus;
    this.lanes = lanes;
  }

  /** The bus channel of a room. */
  static String channel(RoomName name) {
    return "room:" + name;
  }

  /** The room, and its messages are heard until {@link #release}. */
  LocalRoom hold(RoomName name) {
    LocalRoom room =
        rooms.compute(
            name,
            (key, old) -> {
              LocalRoom now = old == null ? new LocalRoom(name, lanes) : old;
              now.hold();
              return now;
            });
    synchronized (room) {
      if (!room.isListening()) {
        room.listeningWith(bus.listen(channel(name), room.fanout()::send));
      }
    }
    return room;
  }

  /** Ends one {@link #hold}. */
  void release(RoomName name) {
    rooms.computeIfPresent(
        name,
        (key, room) -> {
          if (!room.release()) {
            return room;
          }
          room.stopListening();
          return null;
        });
  }

  @Nullable LocalRoom get(RoomName name) {
    return rooms.get(name);
  }

  Collection<LocalRoom> all() {
    return List.copyOf(rooms.values());
  }
}
