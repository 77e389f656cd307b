/** Live rooms: joining, leaving, the fan-out, and their methods. Start at {@code RoomFeature}. */
@NullMarked
package dev.realtime4j.server.internal.room;

import org.jspecify.annotations.NullMarked;
