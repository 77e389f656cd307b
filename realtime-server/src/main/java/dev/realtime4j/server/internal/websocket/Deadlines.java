package dev.realtime4j.server.internal.websocket;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What has to happen by when, soonest first. An entry that is no longer needed lets go of its
 * subject at once and leaves the queue at its time. Used on one thread.
 */
final class Deadlines<T> {
  private final LongSupplier nanoTime;
  private final PriorityQueue<Deadline<T>> queue =
      new PriorityQueue<>((a, b) -> Long.compare(a.at - b.at, 0));

  Deadlines(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** One deadline of one subject. */
  static final class Deadline<T> {
    private final long at;
    private @Nullable T subject;

    private Deadline(long at, T subject) {
      this.at = at;
      this.subject = subject;
    }

    void cancel() {
      subject = null;
    }
  }

  Deadline<T> add(T subject, Duration after) {
    Deadline<T> deadline = new Deadline<>(nanoTime.getAsLong() + after.toNanos(), subject);
    queue.add(deadline);
    return deadline;
  }

  /** Milliseconds until the next one, at least 1; 0 when there is none. */
  long millisToNext() {
    Deadline<T> next = queue.peek();
    while (next != null && next.subject == null) {
      queue.poll();
      next = queue.peek();
    }
    return next == null ? 0 : Math.max(1, (next.at - nanoTime.getAsLong() + 999_999) / 1_000_000);
  }

  /** Takes one whose time has come; null when there is none. */
  @Nullable T poll() {
    for (Deadline<T> next = queue.peek(); next != null; next = queue.peek()) {
      T subject = next.subject;
      if (subject != null && next.at - nanoTime.getAsLong() > 0) {
        return null;
      }
      queue.poll();
      if (subject != null) {
        return subject;
      }
    }
    return null;
  }
}
