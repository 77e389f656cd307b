/**
 * The wire, version 1: frames and their JSON. Bytes become frames here and leave here, nowhere
 * else. Exported to the server and the client only. Start at {@link
 * dev.realtime4j.protocol.FrameCodec}.
 */
@NullMarked
package dev.realtime4j.protocol;

import org.jspecify.annotations.NullMarked;
