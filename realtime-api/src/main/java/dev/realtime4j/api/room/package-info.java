/**
 * Live rooms: what an application calls ({@link dev.realtime4j.api.room.Rooms}), who may do what
 * ({@link dev.realtime4j.api.room.RoomPolicy}), and the members over the cluster ({@link
 * dev.realtime4j.api.room.RoomStore}).
 */
@NullMarked
package dev.realtime4j.api.room;

import org.jspecify.annotations.NullMarked;
