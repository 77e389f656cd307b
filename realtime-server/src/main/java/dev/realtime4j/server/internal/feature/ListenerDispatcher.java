package dev.realtime4j.server.internal.feature;

import dev.realtime4j.api.internal.PrintableFailure;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls one listener of the host, on threads that nothing else needs: calls about the same thing
 * one after the other and in order, about different things side by side. What it throws is logged.
 *
 * <p>Overflow policy: a listener that is {@value #MAX_WAITING} calls behind misses the oldest, with
 * a warning.
 *
 * <p>Thread safety: any thread calls, and is never blocked.
 */
public final class ListenerDispatcher {
  private static final Logger log = LoggerFactory.getLogger(ListenerDispatcher.class);
  static final int MAX_WAITING = 10_000;

  private final String listener;
  private final Executor threads;
  private final int atOnce;
  private final Map<Object, Line> lines = new HashMap<>();
  private final ArrayDeque<Line> ready = new ArrayDeque<>(2);
  private int waiting;
  private int running;
  private boolean dropping;

  /** The calls about one thing. Ready while it has some and none of them is running. */
  private static final class Line {
    private final Object about;
    private final ArrayDeque<Runnable> calls = new ArrayDeque<>(2);

    Line(Object about) {
      this.about = about;
    }
  }

  /**
   * @param listener what to call it in the log
   * @param threads for the host's listeners alone
   * @param atOnce how many of them it may hold at the same time
   */
  public ListenerDispatcher(String listener, Executor threads, int atOnce) {
    this.listener = listener;
    this.threads = threads;
    this.atOnce = atOnce;
  }

  /**
   * Calls soon.
   *
   * @param about what the call is about; those about equal things keep their order
   */
  public void call(Object about, Runnable call) {
    synchronized (this) {
      if (waiting == MAX_WAITING) {
        dropOldest();
      }
      waiting++;
      Line line = lines.get(about);
      if (line == null) {
        line = new Line(about);
        lines.put(about, line);
        ready.addLast(line);
      }
      line.calls.addLast(call);
      if (running == atOnce) {
        return;
      }
      running++;
    }
    threads.execute(this::run);
  }

  /** About how many things calls wait or run. */
  synchronized int things() {
    return lines.size();
  }

  private void dropOldest() {
    Line oldest = ready.peekFirst();
    if (oldest == null) {
      // All that wait are about what is being told just now.
      oldest =
          lines.values().stream().filter(line -> !line.calls.isEmpty()).findAny().orElseThrow();
    }
    oldest.calls.removeFirst();
    waiting--;
    if (oldest == ready.peekFirst() && oldest.calls.isEmpty()) {
      ready.removeFirst();
      lines.remove(oldest.about);
    }
    if (!dropping) {
      dropping = true;
      log.warn("{} is {} calls behind; the oldest are dropped", listener, MAX_WAITING);
    }
  }

  private void run() {
    for (Line line = next(null); line != null; line = next(line)) {
      Runnable call = first(line);
      try {
        if (call != null) {
          call.run();
        }
      } catch (Throwable e) {
        log.error("{} failed", listener, PrintableFailure.of(e));
      }
    }
  }

  private synchronized @Nullable Runnable first(Line line) {
    Runnable call = line.calls.pollFirst();
    waiting -= call == null ? 0 : 1;
    return call;
  }

  /** The next line that is ready; the one that was served gets behind the others. */
  private synchronized @Nullable Line next(@Nullable Line served) {
    if (served != null) {
      if (served.calls.isEmpty()) {
        lines.remove(served.about);
      } else {
        ready.addLast(served);
      }
    }
    Line line = ready.pollFirst();
    if (line == null) {
      running--;
      dropping = false;
    }
    return line;
  }
}
