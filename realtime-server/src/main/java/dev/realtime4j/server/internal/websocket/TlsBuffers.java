package dev.realtime4j.server.internal.websocket;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import tlschannel.BufferAllocator;

/**
 * Buffers for encrypted records. A connection needs one only while a record is incomplete, so those
 * of a loop use the same few in turn. Used on its loop's thread only.
 */
final class TlsBuffers implements BufferAllocator {
  /** Of each size; what is above that is left to the garbage collector. */
  private static final int KEPT = 64;

  private final Map<Integer, ArrayDeque<ByteBuffer>> free = new HashMap<>();

  @Override
  public ByteBuffer allocate(int size) {
    ArrayDeque<ByteBuffer> fitting = free.get(size);
    ByteBuffer buffer = fitting == null ? null : fitting.poll();
    return buffer == null ? ByteBuffer.allocate(size) : buffer;
  }

  @Override
  public void free(ByteBuffer buffer) {
    ArrayDeque<ByteBuffer> fitting =
        free.computeIfAbsent(buffer.capacity(), size -> new ArrayDeque<>());
    if (fitting.size() < KEPT) {
      fitting.push(buffer.clear());
    }
  }
}
