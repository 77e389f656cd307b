package dev.realtime4j.client.internal.loop;

import dev.realtime4j.api.internal.PrintableFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what the application is told: one thing at a time, in order, on the application's executor.
 *
 * <p>Bounded to {@value #MOST} things. The policy of a full queue is <em>disconnect and
 * resume</em>: the client drops its connection, comes back when the application has caught up, and
 * the server sends again what is durable.
 *
 * <p>Thread safety: any thread.
 */
public final class Callbacks {
  public static final int MOST = 10_000;
  private static final int BATCH = 64;
  private static final Logger log = LoggerFactory.getLogger(Callbacks.class);

  private final Executor executor;
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private boolean running;
  private boolean closed;
  private volatile @Nullable Thread inside;

  public Callbacks(Executor executor) {
    this.executor = executor;
  }

  /** What becomes of a thing that still waits when the client is closed. */
  public enum AtClose {
    /** It is forgotten. */
    FORGOTTEN,
    /** It is forgotten, and so is what was to be kept behind it, which holds only after it. */
    FORGOTTEN_WITH_LATER,
    /** It is done all the same: it tells the application nothing. */
    KEPT
  }

  private record Waiting(Runnable callback, AtClose atClose) {}

  /** Hands over a thing to tell; it is taken even when the queue is full, see {@link #isFull}. */
  public void submit(Runnable callback) {
    submit(callback, AtClose.FORGOTTEN);
  }

  /** The same, of which something else may become at the close. */
  public void submit(Runnable callback, AtClose atClose) {
    synchronized (this) {
      if (closed) {
        return;
      }
      queue.add(new Waiting(callback, atClose));
      if (running) {
        return;
      }
      running = true;
    }
    start();
  }

  /** Whether the application is behind by more than it may be. */
  public synchronized boolean isFull() {
    return queue.size() >= MOST;
  }

  /** Whether the application has caught up far enough to connect again. */
  public synchronized boolean hasRoom() {
    return queue.size() < MOST / 2;
  }

  /** Whether the calling thread is in a callback now. */
  public boolean isCaller() {
    return inside == Thread.currentThread();
  }

  /** Forgets what waits and is not to be kept, tells one last thing, and takes nothing more. */
  public void closeWith(Runnable last) {
    synchronized (this) {
      if (closed) {
        return;
      }
      forget();
    }
    submit(last);
    synchronized (this) {
      closed = true;
    }
  }

  private void forget() {
    List<Waiting> kept = new ArrayList<>();
    for (Waiting waiting : queue) {
      if (waiting.atClose == AtClose.FORGOTTEN_WITH_LATER) {
        break;
      }
      if (waiting.atClose == AtClose.KEPT) {
        kept.add(waiting);
      }
    }
    queue.clear();
    queue.addAll(kept);
  }

  private void start() {
    if (!hasExecutor()) {
      synchronized (this) {
        running = false;
      }
      log.warn("The callback executor takes nothing more: listeners are not called");
    }
  }

  private boolean hasExecutor() {
    try {
      executor.execute(this::runBatch);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private void runBatch() {
    do {
      for (int i = 0; i < BATCH; i++) {
        Waiting next;
        synchronized (this) {
          next = queue.poll();
          if (next == null) {
            running = false;
            return;
          }
        }
        run(next.callback);
      }
      // The executor may have others to serve; one that is closing has not.
    } while (!hasExecutor());
  }

  private void run(Runnable callback) {
    inside = Thread.currentThread();
    try {
      callback.run();
    } catch (Throwable e) {
      log.warn("A listener of the application failed", PrintableFailure.of(e));
    } finally {
      inside = null;
    }
  }
}
