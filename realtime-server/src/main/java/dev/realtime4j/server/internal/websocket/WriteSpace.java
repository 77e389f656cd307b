package dev.realtime4j.server.internal.websocket;

import java.nio.ByteBuffer;

/** What all connections of a loop write through; each uses it for the length of one call. */
final class WriteSpace {
  private static final int BUFFER = 128 * 1024;

  /** Direct, as the kernel takes no other; Java would copy once more. */
  final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

  private FrameRun run = new FrameRun();

  /** An empty run, to be given back empty, or kept and told so by {@link #runIsKept}. */
  FrameRun run() {
    return run;
  }

  void runIsKept() {
    run = new FrameRun();
  }
}
