package dev.realtime4j.server.internal.room;

import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.server.internal.cluster.BusMessage;
import dev.realtime4j.server.internal.session.fanout.Fanout;
import dev.realtime4j.server.internal.session.fanout.Lanes;
import dev.realtime4j.server.internal.session.fanout.Recipients;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A room as this node sees it: its local members, and what is being sent to them.
 *
 * <p>Thread safety: any thread.
 */
final class LocalRoom {
  private final RoomName name;
  private final Recipients members;
  private final Fanout fanout;
  private final Throttle recounting;
  private final Throttle telling;

  /**
   * @param seconds runs something at most once a second
   * @param recount asks all nodes to count the room's members again
   * @param tell tells the members here how many they are
   */
  LocalRoom(
      RoomName name,
      Lanes lanes,
      Throttle.Maker seconds,
      Consumer<LocalRoom> recount,
      Consumer<LocalRoom> tell) {
    this.name = name;
    this.members = new Recipients(lanes.count());
    this.fanout = new Fanout(members, lanes);
    this.recounting = seconds.make(() -> recount.accept(this));
    this.telling = seconds.make(() -> tell.accept(this));
  }

  /** The bus channel of a room. */
  static String channel(RoomName name) {
    return "room:" + name;
  }

  RoomName name() {
    return name;
  }

  Recipients members() {
    return members;
  }

  /** Sends to all local members. */
  void send(byte[] event) {
    fanout.send(event);
  }

  /** A message came from the bus. */
  void heard(BusMessage message) {
    if (Arrays.equals(message.body(), RoomEvents.RECOUNT)) {
      telling.request();
    } else {
      send(message.event());
    }
  }

  /** Somebody came or went, and nobody is told their name. */
  void sizeChanged() {
    recounting.request();
  }
}
