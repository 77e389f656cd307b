package dev.realtime4j.client;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.room.RoomName;
import org.jspecify.annotations.Nullable;

/**
 * Something that the application or a member published, or that happened in a room ({@code
 * room.user_joined}, {@code room.user_left}). Not stored: users who are not connected miss it.
 *
 * @param name what happened
 * @param room the room; null when the event is not from a room
 * @param data what goes with it
 */
public record Event(String name, @Nullable RoomName room, Json data) {
  /** Without the data. */
  @Override
  public String toString() {
    return "Event[" + name + (room == null ? "" : " in " + room) + "]";
  }
}
