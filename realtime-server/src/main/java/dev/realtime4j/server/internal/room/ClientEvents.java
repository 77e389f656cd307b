package dev.realtime4j.server.internal.room;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.protocol.EventNames;
import dev.realtime4j.server.internal.cluster.BusMessage;
import dev.realtime4j.server.internal.cluster.NodeBus;
import dev.realtime4j.server.internal.session.limit.TokenBuckets;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What clients publish to rooms. Each of its bytes goes to every member: without a bound one member
 * could use up the outgoing budgets of all the others, and have the room closed.
 *
 * <p>Thread safety: any thread.
 */
final class ClientEvents {
  /** So many seconds' worth may come at once. */
  private static final int BURST = 8;

  private record Publisher(UserId user, RoomName room) {}

  private final NodeBus bus;
  private final int maxBytes;
  private final LongSupplier nanoTime;
  private final TokenBuckets<Publisher> budgets;

  /**
   * @param maxBytes how large an event may be
   * @param bytesPerSecond how much a user may publish to one room
   * @param nanoTime the monotonic clock
   */
  ClientEvents(NodeBus bus, int maxBytes, int bytesPerSecond, LongSupplier nanoTime) {
    this.bus = bus;
    this.maxBytes = maxBytes;
    this.nanoTime = nanoTime;
    this.budgets =
        new TokenBuckets<>(bytesPerSecond, Math.max(maxBytes, (double) BURST * bytesPerSecond));
  }

  /**
   * Publishes an event of a client.
   *
   * @throws RealtimeException {@code BAD_REQUEST} for a name that is taken or malformed, or an
   *     event that is too large; {@code RATE_LIMITED} when the user's budget for the room is used
   *     up
   */
  void publish(UserId user, RoomName room, String event, Json data) {
    EventNames.checkOfClient(event);
    byte[] message = RoomEvents.published(room, event, data, maxBytes);
    Duration wait = budgets.take(new Publisher(user, room), message.length, nanoTime.getAsLong());
    if (wait != null) {
      throw tooMuch(wait);
    }
    bus.publish(LocalRoom.channel(room), BusMessage.of(message));
  }

  private static RealtimeException tooMuch(Duration wait) {
    return new RealtimeException(
        ErrorCode.RATE_LIMITED, "too many bytes for this room in a short time", wait, null);
  }
}
