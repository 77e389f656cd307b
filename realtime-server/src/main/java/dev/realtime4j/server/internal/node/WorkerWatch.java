package dev.realtime4j.server.internal.node;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when no worker is free for long: then handlers or stores block, and nothing in the log would
 * tell why calls and handshakes wait. It sends a task of its own through the workers and looks how
 * long that takes.
 *
 * <p>Thread safety: {@link #tick} is called by one thread at a time.
 */
final class WorkerWatch {
  private static final Logger log = LoggerFactory.getLogger(WorkerWatch.class);
  private static final long PATIENCE = Duration.ofSeconds(5).toNanos();

  private final Executor workers;
  private final int threads;
  private final LongSupplier nanoTime;
  private volatile boolean underWay;
  private long sent;
  private boolean told;

  /**
   * @param threads how many workers there are
   * @param nanoTime the monotonic clock
   */
  WorkerWatch(Executor workers, int threads, LongSupplier nanoTime) {
    this.workers = workers;
    this.threads = threads;
    this.nanoTime = nanoTime;
  }

  /** Every second. */
  void tick() {
    long waited = nanoTime.getAsLong() - sent;
    if (!underWay) {
      if (told) {
        told = false;
        log.info("Workers are free again");
      }
      underWay = true;
      sent = nanoTime.getAsLong();
      workers.execute(() -> underWay = false);
    } else if (waited > PATIENCE && !told) {
      told = true;
      log.warn(
          "All {} workers are busy for more than {} s: handlers or stores block;"
              + " calls and handshakes wait, open sockets stay",
          threads,
          PATIENCE / 1_000_000_000);
    }
  }
}
