package dev.realtime4j.server.internal.node;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.internal.PrintableFailure;
import dev.realtime4j.server.internal.feature.Ticks;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one server, but for those of its transport, bus and asynchronous sends: workers
 * for what may block, others for the authenticator, a timer for what is short, ticks for what
 * recurs, and listeners for the calls of the host's listeners, which nothing else waits for.
 *
 * <p>The workers' queue holds at most one entry for each socket and each handshake, which are
 * bounded themselves.
 */
final class NodeThreads implements Ticks, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeThreads.class);
  private static final int TICK_THREADS = 6;
  private static final int LISTENER_THREADS = 32;

  /** Handshakes that may wait for the authenticator; those beyond are refused with 503. */
  private static final int WAITING_PROOFS = 20_000;

  private final ThreadPoolExecutor workers;
  private final ThreadPoolExecutor authentications;
  private final ThreadPoolExecutor listeners;
  private final ScheduledThreadPoolExecutor timer;
  private final ScheduledThreadPoolExecutor ticks;

  NodeThreads(NodeSettings.Threads settings) {
    workers = pool(settings.workers(), Integer.MAX_VALUE, "worker");
    authentications = pool(settings.authenticators(), WAITING_PROOFS, "auth");
    listeners = pool(LISTENER_THREADS, Integer.MAX_VALUE, "listener");
    timer = scheduler(1, "timer");
    ticks = scheduler(TICK_THREADS, "tick");
  }

  /** Idle threads end. */
  private static ThreadPoolExecutor pool(int threads, int waiting, String role) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(waiting),
            named(role));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ScheduledThreadPoolExecutor scheduler(int threads, String role) {
    ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(threads, named(role));
    scheduler.setRemoveOnCancelPolicy(true);
    scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return scheduler;
  }

  private static ThreadFactory named(String role) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "realtime-" + role + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  ExecutorService workers() {
    return workers;
  }

  /** For the host's listeners alone. */
  ExecutorService listeners() {
    return listeners;
  }

  /** For the authenticator alone. */
  ExecutorService authentications() {
    return authentications;
  }

  ScheduledThreadPoolExecutor timer() {
    return timer;
  }

  @Override
  public void every(Duration pause, String what, Runnable task) {
    long nanos = pause.toNanos();
    ticks.scheduleWithFixedDelay(() -> guarded(what, task), nanos, nanos, TimeUnit.NANOSECONDS);
  }

  /** Does something whose failure is logged and ends nothing else. */
  static void guarded(String what, Runnable task) {
    try {
      task.run();
    } catch (RealtimeException e) {
      log.warn("{} failed: {}", what, e.getMessage());
    } catch (Throwable e) {
      log.error("{} failed", what, PrintableFailure.of(e));
    }
  }

  /** Ends the recurring tasks, waiting shortly for those under way. */
  void stopTicks() {
    ticks.shutdown(); // without an interrupt: a tick may be inside a store
    await(ticks);
  }

  @Override
  public void close() {
    stopTicks();
    timer.shutdownNow();
    authentications.shutdownNow();
    workers.shutdown();
    await(workers);
    workers.shutdownNow();
    listeners.shutdown(); // after the workers, which still tell of sockets that closed
    await(listeners);
    await(timer);
    await(authentications);
  }

  private static void await(ExecutorService executor) {
    try {
      if (!executor.awaitTermination(2, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
