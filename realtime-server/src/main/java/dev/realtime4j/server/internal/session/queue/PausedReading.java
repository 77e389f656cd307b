package dev.realtime4j.server.internal.session.queue;

import dev.realtime4j.api.transport.TransportConnection;
import java.util.concurrent.RejectedExecutionException;

/**
 * Slows a client down while there is any reason to, and remembers that it does: of a client that is
 * not read from, nothing can be heard.
 *
 * <p>Thread safety: any thread.
 */
public final class PausedReading {
  /** Why a client is not read from; each comes and goes by itself. */
  public enum Reason {
    /** What it sent waits to be done. */
    CALL_QUEUE,
    /** It sent more bytes than it may. */
    BYTES,
    /** It sent more messages than it may. */
    MESSAGES;

    private int bit() {
      return 1 << ordinal();
    }
  }

  /** Does something after so many nanoseconds. */
  @FunctionalInterface
  public interface Later {
    /**
     * Plans it.
     *
     * @throws RejectedExecutionException when nothing is done any more
     */
    void run(Runnable task, long nanos);
  }

  private final TransportConnection connection;
  private final Later later;
  private final Runnable resumed;

  /** Changed under the lock, so that no resume overtakes a pause. */
  private volatile int reasons;

  /**
   * @param resumed called before it is read from again
   */
  public PausedReading(TransportConnection connection, Later later, Runnable resumed) {
    this.connection = connection;
    this.later = later;
    this.resumed = resumed;
  }

  /** Pauses for so long; while it pauses for this reason already, nothing is added. */
  public synchronized void pauseFor(Reason reason, long nanos) {
    if ((reasons & reason.bit()) != 0) {
      return;
    }
    pause(reason);
    try {
      later.run(() -> resume(reason), nanos);
    } catch (RejectedExecutionException closing) {
      resume(reason); // The node ends, and the socket with it.
    }
  }

  synchronized void pause(Reason reason) {
    boolean first = reasons == 0;
    reasons |= reason.bit();
    if (first) {
      connection.pauseReading();
    }
  }

  synchronized void resume(Reason reason) {
    int left = reasons & ~reason.bit();
    boolean last = reasons != 0 && left == 0;
    if (last) {
      resumed.run();
    }
    reasons = left;
    if (last) {
      connection.resumeReading();
    }
  }

  public boolean isPaused() {
    return reasons != 0;
  }

  /** For the call queue. */
  public CallQueue.Reading forCalls() {
    return new CallQueue.Reading() {
      @Override
      public void pause() {
        PausedReading.this.pause(Reason.CALL_QUEUE);
      }

      @Override
      public void resume() {
        PausedReading.this.resume(Reason.CALL_QUEUE);
      }
    };
  }
}
