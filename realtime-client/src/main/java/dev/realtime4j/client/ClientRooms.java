package dev.realtime4j.client;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.room.RoomMember;
import dev.realtime4j.api.room.RoomName;
import java.util.concurrent.CompletableFuture;

/**
 * Live rooms, as a client uses them. What happens in a room reaches {@link RealtimeClient#onEvent}.
 *
 * <p>Futures fail with {@link dev.realtime4j.api.RealtimeException}, see {@link
 * RealtimeClient#call}. Thread safety: any thread; nothing blocks.
 */
public interface ClientRooms {
  /**
   * Joins a room, and joins it again after each reconnect until {@link #leave}.
   *
   * @param room not the private room of a user, which every socket of theirs is in
   * @return how many users are in the room; {@code ROOM_FULL} or {@code FORBIDDEN} when refused;
   *     the client does not try again then
   * @throws dev.realtime4j.api.InvalidValueException of the code {@code INVALID_CHANNEL} for the
   *     room of a user
   */
  CompletableFuture<Integer> join(RoomName room);

  /** Leaves a room. */
  CompletableFuture<Void> leave(RoomName room);

  /** The members of a room that the client is in, each user once, in the order of their ids. */
  CompletableFuture<Page<RoomMember>> members(RoomName room, PageRequest page);

  /**
   * Sends an event to everybody in a room, where the application allows it. Not repeated when the
   * connection is lost before the answer: then nobody knows whether it was sent.
   *
   * @param event 1 to 128 characters; names that belong to the protocol are refused
   */
  CompletableFuture<Void> publish(RoomName room, String event, Json data);
}
