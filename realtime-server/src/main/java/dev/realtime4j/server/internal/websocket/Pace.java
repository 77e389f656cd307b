package dev.realtime4j.server.internal.websocket;

/**
 * How much one socket is given at a time, by what its link takes. A slow one gets small frames and
 * little of the kernel's memory: what is urgent waits behind the kernel's part, which nothing can
 * overtake. A fast one gets large frames, which are what makes many messages cheap.
 *
 * <p>It begins small. Frames double while the socket takes what it is given at once, up to half of
 * the send buffer; that doubles when a full socket empties quickly. Both halve when it does not.
 *
 * <p>Used on its loop's thread only.
 */
final class Pace {
  static final int SMALLEST_FRAME = 4 * 1024;
  static final int LARGEST_FRAME = 64 * 1024;

  /** Linux doubles it for its own needs; so a client of 1 KiB/s has it within a minute. */
  private static final int FIRST_SEND_BUFFER = 32 * 1024;

  private static final long QUICK_BYTES_PER_SECOND = 64 * 1024;
  private static final long SLOW_BYTES_PER_SECOND = 16 * 1024;

  private final int largestSendBuffer;
  private int sendBuffer;
  private int frame = SMALLEST_FRAME;
  private long fullSince;

  /**
   * @param largestSendBuffer the most that the kernel may hold of the socket
   */
  Pace(int largestSendBuffer) {
    this.largestSendBuffer = largestSendBuffer;
    this.sendBuffer = firstSendBuffer(largestSendBuffer);
  }

  /** What the kernel may hold of a new socket. */
  static int firstSendBuffer(int largest) {
    return Math.min(largest, FIRST_SEND_BUFFER);
  }

  /** Up to how many bytes messages are joined into a frame, and frames gathered for one write. */
  int frameBytes() {
    return frame;
  }

  /** What the kernel may hold of the socket now. */
  int sendBufferBytes() {
    return sendBuffer;
  }

  /** The socket took all of so many bytes. */
  void taken(int bytes) {
    if (bytes >= frame) {
      frame = Math.min(2 * frame, largestFrame());
    }
  }

  /** The socket takes no more. */
  void full(long nanoTime) {
    fullSince = nanoTime;
  }

  /**
   * The socket takes bytes again.
   *
   * @return whether the send buffer is to be changed
   */
  boolean emptied(long nanoTime) {
    int before = sendBuffer;
    // The kernel says so once a third of what it holds is gone, and it holds twice the setting.
    double seconds = Math.max(1, nanoTime - fullSince) / 1e9;
    double rate = sendBuffer * 2.0 / 3.0 / seconds;
    if (rate >= QUICK_BYTES_PER_SECOND) {
      sendBuffer = (int) Math.min(2L * sendBuffer, largestSendBuffer);
      frame = Math.min(2 * frame, largestFrame());
    } else if (rate < SLOW_BYTES_PER_SECOND) {
      sendBuffer = Math.max(sendBuffer / 2, firstSendBuffer(largestSendBuffer));
      frame = Math.max(frame / 2, SMALLEST_FRAME);
    }
    return sendBuffer != before;
  }

  private int largestFrame() {
    return Math.max(SMALLEST_FRAME, Math.min(sendBuffer / 2, LARGEST_FRAME));
  }
}
