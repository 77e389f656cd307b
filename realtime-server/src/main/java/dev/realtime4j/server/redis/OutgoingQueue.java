package dev.realtime4j.server.redis;

import dev.realtime4j.api.cluster.ClusterBus.PublishResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What waits to be published, bounded in messages and bytes. Overflow: while Redis takes messages a
 * new one is refused; while it does not, the oldest is dropped and counted, and so is what has
 * become too old when Redis is back.
 *
 * <p>Thread safety: any thread puts, one takes.
 */
final class OutgoingQueue {
  /** How much goes out before the answers are awaited. */
  private static final int BATCH_MESSAGES = 1_000;

  private static final long BATCH_BYTES = 1024 * 1024;

  private final int maxMessages;
  private final long maxBytes;
  private final long maxDelayNanos;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Deque<Outgoing> waiting = new ArrayDeque<>();
  private long bytes;
  private long lost;
  private boolean away;
  private boolean woken;

  OutgoingQueue(BusSettings settings) {
    maxMessages = settings.maxMessages();
    maxBytes = settings.maxBytes();
    maxDelayNanos = settings.maxDelay().toNanos();
    nanoTime = settings.environment().nanoTime();
  }

  /** Puts a message at the end; false when the queue is full and Redis is there. */
  boolean put(Outgoing outgoing) {
    List<Outgoing> dropped = new ArrayList<>(0);
    lock.lock();
    try {
      while (isFull(outgoing.message())) {
        if (!away || waiting.isEmpty()) {
          return false;
        }
        dropped.add(dropOldest());
      }
      waiting.add(outgoing);
      bytes += outgoing.message().length;
      work.signal();
      return true;
    } finally {
      lock.unlock();
      lost(dropped);
    }
  }

  /** Without the lock, as whoever hears of it may do anything. */
  private static void lost(List<Outgoing> messages) {
    messages.forEach(message -> message.became(PublishResult.LOST));
  }

  private boolean isFull(byte[] more) {
    return waiting.size() >= maxMessages || bytes + more.length > maxBytes;
  }

  private Outgoing dropOldest() {
    Outgoing oldest = waiting.remove();
    bytes -= oldest.message().length;
    lost++;
    return oldest;
  }

  /** Takes the oldest messages; waits for one, at most so long, or until woken. */
  List<Outgoing> take(Duration atMost) throws InterruptedException {
    List<Outgoing> dropped = new ArrayList<>(0);
    lock.lock();
    try {
      await(atMost, true);
      while (away
          && !waiting.isEmpty()
          && nanoTime.getAsLong() - waiting.element().sinceNanos() > maxDelayNanos) {
        dropped.add(dropOldest());
      }
      List<Outgoing> batch = new ArrayList<>(Math.min(waiting.size(), BATCH_MESSAGES));
      long size = 0;
      while (!waiting.isEmpty() && batch.size() < BATCH_MESSAGES && size < BATCH_BYTES) {
        Outgoing next = waiting.remove();
        size += next.message().length;
        batch.add(next);
      }
      bytes -= size;
      return batch;
    } finally {
      lock.unlock();
      lost(dropped);
    }
  }

  /** What is left at the end is lost. */
  void end() {
    List<Outgoing> left;
    lock.lock();
    try {
      left = List.copyOf(waiting);
      waiting.clear();
      bytes = 0;
    } finally {
      lock.unlock();
    }
    lost(left);
  }

  /** Waits so long, or until woken, whatever is put. */
  void pause(Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      await(atMost, false);
    } finally {
      lock.unlock();
    }
  }

  private void await(Duration atMost, boolean forMessages) throws InterruptedException {
    long left = atMost.toNanos();
    while (left > 0 && !woken && !(forMessages && !waiting.isEmpty())) {
      left = work.awaitNanos(left);
    }
    woken = false;
  }

  /** Lets the one who takes look at something else. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  void redisIsAway(boolean away) {
    lock.lock();
    try {
      this.away = away;
    } finally {
      lock.unlock();
    }
  }

  /** Counts messages that were taken and may not have arrived. */
  void lose(List<Outgoing> batch) {
    lock.lock();
    try {
      lost += batch.size();
    } finally {
      lock.unlock();
    }
    lost(batch);
  }

  /** How many messages were lost since this was asked last. */
  long takeLost() {
    lock.lock();
    try {
      long answer = lost;
      lost = 0;
      return answer;
    } finally {
      lock.unlock();
    }
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }
}
