package dev.realtime4j.api.room;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;

/**
 * Live rooms, for the application. Messages in rooms are not stored: users who are not in the room
 * miss them.
 *
 * <p>Thread safety: every method may be called by any thread. Publishing returns once the message
 * is queued; the others block on the store and throw {@link dev.realtime4j.api.RealtimeException}
 * {@code UNAVAILABLE} when it is unavailable.
 */
public interface Rooms {
  /**
   * Sends an event to all sockets in a room, or of a user, on all nodes.
   *
   * @param room a room, or the private room of a user ({@link RoomName#ofUser})
   * @param event 1 to 128 characters; names that belong to the protocol are refused
   * @param data what goes with it
   * @throws dev.realtime4j.api.InvalidValueException for a bad event name or data that is too
   *     large, {@code UNAVAILABLE} when the bus's outgoing queue is full
   */
  void publish(RoomName room, String event, Json data);

  /**
   * Sends an event to all sockets of a user, on all nodes.
   *
   * @param event as in {@link #publish}
   * @param data what goes with it
   */
  void publishToUser(UserId user, String event, Json data);

  /** How many users are in the room, over all nodes. */
  int memberCount(RoomName room);

  /** The members, each user once, in the order of their ids. */
  Page<RoomMember> members(RoomName room, PageRequest page);

  /**
   * Asks the {@link RoomPolicy} again for every room the user is in, on all nodes, and removes the
   * user where it says no.
   */
  void recheck(UserId user);

  /** Removes everybody from a room, on all nodes. */
  void close(RoomName room);
}
