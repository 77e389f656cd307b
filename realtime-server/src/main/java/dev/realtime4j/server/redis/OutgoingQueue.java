package dev.realtime4j.server.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits to be published, bounded in messages and bytes. Overflow: while Redis takes messages a
 * new one is refused; while it does not, the oldest is dropped and counted, and so is what has
 * become too old when Redis is back.
 *
 * <p>Thread safety: any thread puts, one takes.
 */
final class OutgoingQueue {
  /** A message on its way to Redis. */
  record Outgoing(String redisChannel, byte[] message, long sinceNanos) {}

  /** How much goes out before the answers are awaited. */
  private static final int BATCH_MESSAGES = 1_000;

  private static final long BATCH_BYTES = 1024 * 1024;

  private final int maxMessages;
  private final long maxBytes;
  private final long maxDelayNanos;
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
  }

  /** Puts a message at the end; false when the queue is full and Redis is there. */
  boolean put(String redisChannel, byte[] message) {
    lock.lock();
    try {
      while (isFull(message)) {
        if (!away || waiting.isEmpty()) {
          return false;
        }
        dropOldest();
      }
      waiting.add(new Outgoing(redisChannel, message, System.nanoTime()));
      bytes += message.length;
      work.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull(byte[] more) {
    return waiting.size() >= maxMessages || bytes + more.length > maxBytes;
  }

  private void dropOldest() {
    bytes -= waiting.remove().message().length;
    lost++;
  }

  /** Takes the oldest messages; waits for one, at most so long, or until woken. */
  List<Outgoing> take(Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      await(atMost, true);
      while (away
          && !waiting.isEmpty()
          && System.nanoTime() - waiting.element().sinceNanos() > maxDelayNanos) {
        dropOldest();
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
    }
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

  /** Counts messages that were taken and did not arrive. */
  void countLost(long messages) {
    lock.lock();
    try {
      lost += messages;
    } finally {
      lock.unlock();
    }
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
