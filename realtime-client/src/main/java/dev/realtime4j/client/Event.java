package dev.realtime4j.client;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.room.RoomName;
import org.jspecify.annotations.Nullable;

/**
 * Something that the host published, or that happened in a room ({@code room.user_joined}, {@code
 * room.user_left}). Not stored: who is not connected misses it.
 *
 * @param name what happened
 * @param room where; null when it is not of a room
 * @param data what goes with it
 */
public record Event(String name, @Nullable RoomName room, Json data) {
  /** Without the data. */
  @Override
  public String toString() {
    return "Event[" + name + (room == null ? "" : " in " + room) + "]";
  }
}
