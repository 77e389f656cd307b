package dev.realtime4j.server.internal.websocket;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where a {@link FrameReader} brings what it has read. */
interface FrameSink {
  /** Whether it takes more now; asked before each frame. */
  boolean takesMore();

  void text(String text);

  void binary();

  void ping(ByteBuffer payload) throws IOException;

  /** A pong, which needs no answer. */
  void pong();

  /**
   * The client's close frame.
   *
   * @param code 1005 when it had none
   */
  void close(int code, String reason);
}
