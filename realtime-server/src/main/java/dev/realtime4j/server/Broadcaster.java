package dev.realtime4j.server;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.room.RoomName;

/**
 * Sends a live event to a room or a user, and counts the receivers.
 *
 * <p>Thread safety: called by several threads at once. It may block on the store that counts.
 */
@FunctionalInterface
public interface Broadcaster {
  /**
   * Queues an event for all sockets in a room, or of a user, on all nodes.
   *
   * @param channel a room, or the private room of a user ({@link RoomName#ofUser})
   * @param event 1 to 128 characters; names that belong to the protocol are refused
   * @param data what goes with it
   * @return how many sockets are in the room or belong to the user now, over the whole cluster; on
   *     this node while the store that counts is unavailable
   * @throws dev.realtime4j.api.InvalidValueException for a bad event name or data that is too
   *     large, {@code UNAVAILABLE} when the bus's outgoing queue is full
   */
  int broadcast(RoomName channel, String event, Json data);
}
