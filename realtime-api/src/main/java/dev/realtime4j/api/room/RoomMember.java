package dev.realtime4j.api.room;

import dev.realtime4j.api.UserId;

/**
 * A user in a room.
 *
 * @param userId who
 * @param sockets with how many sockets, over all nodes
 */
public record RoomMember(UserId userId, int sockets) {}
