package dev.realtime4j.client;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.room.RoomName;

/**
 * A room that the client was in could not be joined again after a reconnect; the client does not
 * try again.
 *
 * @param room which
 * @param cause why the server refused
 */
public record RoomLost(RoomName room, RealtimeException cause) {}
