package dev.realtime4j.server.internal.websocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The way out of one connection: pulls frames while the socket takes them, gathers several in one
 * write, and keeps the frames that a full socket left over; nothing is pulled until they are gone.
 *
 * <p>This is the hot path: no allocation, no lock of ours, one system call per visit.
 */
final class FrameWriter {
  /** After this much in one go the other connections of the loop have their turn. */
  private static final long MAX_BYTES_PER_TURN = 1024 * 1024;

  private final WriteSpace space;
  private final Pace pace;
  private final LongSupplier nanoTime;
  private @Nullable FrameRun left;

  FrameWriter(WriteSpace space, Pace pace, LongSupplier nanoTime) {
    this.space = space;
    this.pace = pace;
    this.nanoTime = nanoTime;
  }

  /** Where frames come from. */
  interface Source {
    /** Adds the next thing to be written; false when there is none now. */
    boolean addNext(FrameRun run);

    /** Puts in front of what a full socket left over what must not wait behind it. */
    void addUrgent(FrameRun run);
  }

  /** How a visit ended. */
  enum Result {
    ALL_WRITTEN,
    SOCKET_FULL,
    MORE_WAITS
  }

  Result pump(ByteChannel socket, Source source) throws IOException {
    FrameRun run = left;
    if (run == null) {
      run = space.run();
    } else {
      source.addUrgent(run);
    }
    ByteBuffer buffer = space.buffer;
    long turn = 0;
    boolean drained = false;
    while (turn < MAX_BYTES_PER_TURN) {
      while (!drained && !run.isFull() && run.bytes() < pace.frameBytes()) {
        drained = !source.addNext(run);
      }
      if (run.isEmpty()) {
        left = null;
        return Result.ALL_WRITTEN;
      }
      buffer.clear();
      run.copyInto(buffer);
      int written = write(socket, run, buffer.flip());
      run.skip(written);
      turn += written;
      if (buffer.hasRemaining()) {
        pace.full(nanoTime.getAsLong());
        keep(run);
        return Result.SOCKET_FULL;
      }
      pace.taken(written);
    }
    keep(run);
    return Result.MORE_WAITS;
  }

  private int write(ByteChannel socket, FrameRun run, ByteBuffer bytes) throws IOException {
    try {
      return socket.write(bytes);
    } catch (IOException e) {
      keep(run); // The loop's own run must not carry these frames to another connection.
      throw e;
    }
  }

  private void keep(FrameRun run) {
    if (left == null && !run.isEmpty()) {
      left = run;
      space.runIsKept();
    }
  }

  /** Forgets the texts that are not begun. */
  void dropTexts() {
    FrameRun run = left;
    if (run != null) {
      run.dropTexts();
    }
  }
}
