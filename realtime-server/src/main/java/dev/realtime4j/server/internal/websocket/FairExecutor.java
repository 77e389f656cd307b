package dev.realtime4j.server.internal.websocket;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * Tasks of many on a few threads, in turns: whoever has many waits for the others after each one,
 * and the others for one of theirs.
 *
 * <p>Thread safety: any thread.
 */
final class FairExecutor {
  private final Executor threads;

  /** Whose turn is next comes first. Nobody in it has none. */
  private final Map<Object, Queue<Runnable>> waiting = new LinkedHashMap<>();

  /**
   * @param threads runs one task for each that it is given, in any order
   */
  FairExecutor(Executor threads) {
    this.threads = threads;
  }

  void execute(Object whose, Runnable task) {
    synchronized (waiting) {
      waiting.computeIfAbsent(whose, first -> new ArrayDeque<>(1)).add(task);
    }
    threads.execute(this::runNext);
  }

  private void runNext() {
    next().run();
  }

  private Runnable next() {
    synchronized (waiting) {
      Iterator<Map.Entry<Object, Queue<Runnable>>> turns = waiting.entrySet().iterator();
      Map.Entry<Object, Queue<Runnable>> turn = turns.next();
      Object whose = turn.getKey();
      Queue<Runnable> theirs = turn.getValue();
      turns.remove();
      Runnable task = theirs.remove();
      if (!theirs.isEmpty()) {
        waiting.put(whose, theirs);
      }
      return task;
    }
  }
}
