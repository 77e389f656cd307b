package dev.realtime4j.server.internal.node;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.internal.PrintableFailure;
import dev.realtime4j.server.internal.environment.ServerThreads;
import dev.realtime4j.server.internal.feature.Ticks;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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

  /** One for each thing that recurs in a durable store: each may hang there. */
  private static final int STORE_TICK_THREADS = 8;

  private static final int LISTENER_THREADS = 32;

  /** Handshakes that may wait for the authenticator; those beyond are refused with 503. */
  private static final int WAITING_PROOFS = 20_000;

  private final ExecutorService workers;
  private final ExecutorService authentications;
  private final ExecutorService listeners;
  private final ScheduledExecutorService timer;
  private final ScheduledExecutorService ticks;
  private final ScheduledExecutorService storeTicks;

  NodeThreads(NodeSettings.Threads settings, ServerThreads threads) {
    workers = threads.pool("worker", settings.workers(), Integer.MAX_VALUE);
    authentications = threads.pool("auth", settings.authenticators(), WAITING_PROOFS);
    listeners = threads.pool("listener", LISTENER_THREADS, Integer.MAX_VALUE);
    timer = threads.timer("timer", 1);
    ticks = threads.timer("tick", TICK_THREADS);
    storeTicks = threads.timer("store-tick", STORE_TICK_THREADS);
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

  ScheduledExecutorService timer() {
    return timer;
  }

  @Override
  public void every(Duration pause, String what, Runnable task) {
    every(ticks, pause, what, task);
  }

  /** For what recurs in the durable stores, so that one which hangs holds up nothing else. */
  Ticks ofStores() {
    return (pause, what, task) -> every(storeTicks, pause, what, task);
  }

  /** For the durable stores alone. */
  Executor storeThreads() {
    return storeTicks;
  }

  private static void every(
      ScheduledExecutorService ticks, Duration pause, String what, Runnable task) {
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
    storeTicks.shutdown();
    await(ticks);
    await(storeTicks);
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
