package dev.realtime4j.server.internal.websocket;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Answers to pings that wait for the socket, in the order of the pings: some clients count them.
 *
 * <p>Overflow policy: <i>drop the oldest</i>, which RFC 6455 (5.5.3) allows; only a client that
 * sends pings and takes nothing loses any. Used on its loop's thread only.
 */
final class Pongs {
  /** At 127 bytes each. */
  static final int MOST = 64;

  /** Null while there is none: most sockets never see a ping. */
  private @Nullable ArrayDeque<byte[]> waiting;

  boolean isEmpty() {
    return waiting == null;
  }

  boolean isFull() {
    ArrayDeque<byte[]> pongs = waiting;
    return pongs != null && pongs.size() >= MOST;
  }

  /** Adds a whole frame. */
  void add(byte[] frame) {
    ArrayDeque<byte[]> pongs = waiting;
    if (pongs == null) {
      pongs = new ArrayDeque<>(2);
      waiting = pongs;
    }
    if (pongs.size() >= MOST) {
      pongs.removeFirst();
    }
    pongs.addLast(frame);
  }

  /** The oldest; null when there is none. */
  byte @Nullable [] poll() {
    ArrayDeque<byte[]> pongs = waiting;
    if (pongs == null) {
      return null;
    }
    byte[] oldest = pongs.pollFirst();
    if (pongs.isEmpty()) {
      waiting = null;
    }
    return oldest;
  }
}
