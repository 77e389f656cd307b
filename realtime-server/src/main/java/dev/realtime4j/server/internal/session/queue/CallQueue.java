package dev.realtime4j.server.internal.session.queue;

import dev.realtime4j.api.internal.PrintableFailure;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one socket still has to have done: strictly one thing after the other, in order, on the
 * workers, and never two at once. It starts held: nothing is done until {@link #open}.
 *
 * <p>Overflow policy: above its bound the socket is no longer read from, so that TCP slows the
 * client down; nothing is lost.
 *
 * <p>Thread safety: any thread adds.
 */
public final class CallQueue {
  private static final Logger log = LoggerFactory.getLogger(CallQueue.class);

  /** Reading pauses above so many waiting characters, and goes on below half of it. */
  private static final int PAUSE_ABOVE = 256 * 1024;

  /** What one thing costs besides its characters. */
  private static final int COST = 512;

  /** How many things are done before other sockets have their turn. */
  private static final int TURN = 32;

  /** Slows the client down. */
  interface Reading {
    void pause();

    void resume();
  }

  private record Item(Runnable task, int cost) {}

  private final Executor workers;
  private final Reading reading;
  private final ArrayDeque<Item> waiting = new ArrayDeque<>(4);
  private int cost;

  /** Or held, which is the same to who adds. */
  private boolean running = true;

  private boolean paused;

  public CallQueue(Executor workers, Reading reading) {
    this.workers = workers;
    this.reading = reading;
  }

  /**
   * Adds something to do.
   *
   * @param characters how large its message is
   */
  public void add(Runnable task, int characters) {
    boolean start;
    synchronized (this) {
      waiting.addLast(new Item(task, characters + COST));
      cost += characters + COST;
      if (cost > PAUSE_ABOVE && !paused) {
        paused = true;
        reading.pause(); // under the lock, so that no resume overtakes it; it does not block
      }
      start = !running;
      running = true;
    }
    if (start) {
      workers.execute(this::turn);
    }
  }

  /** Ends the hold; called once. */
  public void open() {
    workers.execute(this::turn);
  }

  private void turn() {
    for (int i = 0; i < TURN; i++) {
      Runnable task = next();
      if (task == null) {
        return;
      }
      try {
        task.run();
      } catch (Throwable e) {
        log.error("A session's task failed", PrintableFailure.of(e));
      }
    }
    workers.execute(this::turn);
  }

  private synchronized @Nullable Runnable next() {
    Item item = waiting.pollFirst();
    if (item == null) {
      running = false;
      return null;
    }
    cost -= item.cost;
    if (paused && cost < PAUSE_ABOVE / 2) {
      paused = false;
      reading.resume();
    }
    return item.task;
  }
}
