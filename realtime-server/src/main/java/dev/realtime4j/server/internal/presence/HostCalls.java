package dev.realtime4j.server.internal.presence;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a host's listeners about one user, one call after the other, on the workers.
 *
 * <p>Overflow policy: a listener that falls {@value #MAX_WAITING} calls behind misses the oldest.
 *
 * <p>Thread safety: any thread.
 */
final class HostCalls {
  private static final Logger log = LoggerFactory.getLogger(HostCalls.class);
  private static final int MAX_WAITING = 1000;

  private final Executor workers;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(2);
  private boolean running;

  HostCalls(Executor workers) {
    this.workers = workers;
  }

  synchronized void call(Runnable call) {
    if (waiting.size() == MAX_WAITING) {
      waiting.removeFirst();
      log.warn("A presence listener is {} calls behind; the oldest is dropped", MAX_WAITING);
    }
    waiting.addLast(call);
    if (!running) {
      running = true;
      workers.execute(this::run);
    }
  }

  private void run() {
    for (Runnable call = next(); call != null; call = next()) {
      try {
        call.run();
      } catch (Throwable e) {
        log.error("A presence listener failed", e);
      }
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable call = waiting.pollFirst();
    running = call != null;
    return call;
  }
}
