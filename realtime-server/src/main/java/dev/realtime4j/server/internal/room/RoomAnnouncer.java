package dev.realtime4j.server.internal.room;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomStore;
import dev.realtime4j.server.internal.cluster.BusMessage;
import dev.realtime4j.server.internal.cluster.NodeBus;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a room's members who came and went. Above a size the events become a count, which a member
 * hears at most once a second however many nodes have members: ten thousand joins must not be a
 * hundred million messages. The nodes are asked over the bus to count again; each reads the store
 * afterwards, so that all end with the same number whatever order the messages take.
 *
 * <p>Thread safety: any thread.
 */
final class RoomAnnouncer {
  private static final Logger log = LoggerFactory.getLogger(RoomAnnouncer.class);

  private final NodeBus bus;
  private final RoomStore store;
  private final int namedUpTo;

  /**
   * @param namedUpTo up to so many members each coming and going is told by name
   */
  RoomAnnouncer(NodeBus bus, RoomStore store, int namedUpTo) {
    this.bus = bus;
    this.store = store;
    this.namedUpTo = namedUpTo;
  }

  /**
   * @param members how many there are now
   */
  void joined(LocalRoom room, UserId user, int members) {
    if (members <= namedUpTo) {
      publish(room.name(), RoomEvents.joined(room.name(), user));
    } else {
      room.sizeChanged();
    }
  }

  /**
   * @param members how many are left
   */
  void left(LocalRoom room, UserId user, int members) {
    if (members <= namedUpTo) {
      publish(room.name(), RoomEvents.left(room.name(), user));
    } else {
      room.sizeChanged();
    }
  }

  /**
   * These left at once, a room that this node may have no member in.
   *
   * @param members how many are left
   */
  void left(RoomName room, Collection<UserId> users, int members) {
    if (members + users.size() <= namedUpTo) {
      users.forEach(user -> publish(room, RoomEvents.left(room, user)));
    } else {
      recount(room);
    }
  }

  /** Asks all nodes to tell their members how many there are. */
  void recount(RoomName room) {
    publish(room, RoomEvents.RECOUNT);
  }

  /** Tells the members of this node how many there are. */
  void tellSize(LocalRoom room) {
    try {
      room.send(RoomEvents.size(room.name(), store.memberCount(room.name())));
    } catch (RealtimeException e) {
      log.debug("The size of room {} is not known now: {}", room.name(), e.getMessage());
    }
  }

  private void publish(RoomName name, byte[] event) {
    try {
      bus.publish(LocalRoom.channel(name), BusMessage.of(event));
    } catch (RealtimeException e) {
      log.debug("The bus did not take an event of room {}: {}", name, e.getMessage());
    }
  }
}
