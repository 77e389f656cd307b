package dev.realtime4j.server.internal.room;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomStore;
import dev.realtime4j.server.internal.cluster.NodeBus;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a room's members who came and went. Above a size the events become a count, at most one a
 * second: ten thousand joins must not be a hundred million messages.
 *
 * <p>Thread safety: any thread.
 */
final class RoomAnnouncer {
  private static final Logger log = LoggerFactory.getLogger(RoomAnnouncer.class);
  private static final int COUNT_MILLIS = 1000;

  private final NodeBus bus;
  private final LocalRooms locals;
  private final RoomStore store;
  private final int namedUpTo;
  private final ScheduledExecutorService timer;
  private final Executor workers;

  /**
   * @param namedUpTo up to so many members each coming and going is told by name
   */
  RoomAnnouncer(
      NodeBus bus,
      LocalRooms locals,
      RoomStore store,
      int namedUpTo,
      ScheduledExecutorService timer,
      Executor workers) {
    this.bus = bus;
    this.locals = locals;
    this.store = store;
    this.namedUpTo = namedUpTo;
    this.timer = timer;
    this.workers = workers;
  }

  void joined(LocalRoom room, UserId user, int members) {
    if (members <= namedUpTo) {
      publish(room.name(), RoomEvents.joined(room.name(), user));
    } else {
      count(room);
    }
  }

  void left(RoomName name, UserId user, int members) {
    LocalRoom room = locals.get(name);
    if (members <= namedUpTo || room == null) {
      publish(name, RoomEvents.left(name, user));
    } else {
      count(room);
    }
  }

  private void count(LocalRoom room) {
    if (room.sizeDue()) {
      timer.schedule(
          () -> workers.execute(() -> tellSize(room)), COUNT_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void tellSize(LocalRoom room) {
    room.sizeSent();
    try {
      publish(room.name(), RoomEvents.size(room.name(), store.memberCount(room.name())));
    } catch (RealtimeException e) {
      log.debug("The size of room {} is not known now: {}", room.name(), e.getMessage());
    }
  }

  private void publish(RoomName name, byte[] event) {
    try {
      bus.publish(LocalRooms.channel(name), event);
    } catch (RealtimeException e) {
      log.debug("The bus did not take an event of room {}: {}", name, e.getMessage());
    }
  }
}
