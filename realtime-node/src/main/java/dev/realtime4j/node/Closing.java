package dev.realtime4j.node;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be closed, last one first. One that fails does not keep the others open.
 *
 * <p>Thread safety: any thread. Lifecycle: what is handed over after {@link #close} is closed at
 * once; closing again does nothing.
 */
final class Closing implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Closing.class);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private boolean closed;

  /** Hands something over, and gives it back. */
  <T extends AutoCloseable> T later(T resource) {
    boolean tooLate;
    synchronized (this) {
      tooLate = closed;
      if (!tooLate) {
        open.push(resource);
      }
    }
    if (tooLate) {
      close(resource);
    }
    return resource;
  }

  @Override
  public void close() {
    while (true) {
      AutoCloseable next;
      synchronized (this) {
        closed = true;
        next = open.poll();
      }
      if (next == null) {
        return;
      }
      close(next);
    }
  }

  private static void close(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      log.warn("{} did not close: {}", resource.getClass().getSimpleName(), e.toString());
    }
  }
}
