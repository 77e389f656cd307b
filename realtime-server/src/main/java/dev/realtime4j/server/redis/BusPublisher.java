package dev.realtime4j.server.redis;

import dev.realtime4j.api.cluster.ClusterBus.PublishResult;
import dev.realtime4j.api.internal.Printable;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that writes: messages in pipelines, the probe, and what the listening connection has
 * to be told. A batch whose connection breaks is lost, because it cannot be known how much of it
 * arrived; the other nodes are told so.
 */
final class BusPublisher implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(BusPublisher.class);

  private final BusConnector connector;
  private final BusSubscriber subscriber;
  private final BusWire wire;
  private final OutgoingQueue queue;
  private final Duration probe;
  private final LongSupplier nanoTime;
  private final RedisBackoff backoff;
  private @Nullable BusConnection connection;
  private boolean away;
  private long lost;
  private long nextProbe;
  private volatile boolean finishing;
  private volatile boolean closed;

  BusPublisher(
      BusConnector connector, BusSubscriber subscriber, BusWire wire, BusSettings settings) {
    this.connector = connector;
    this.subscriber = subscriber;
    this.wire = wire;
    this.queue = new OutgoingQueue(settings);
    this.probe = settings.probe();
    this.nanoTime = settings.environment().nanoTime();
    this.backoff = new RedisBackoff(settings.environment().random());
    this.nextProbe = nanoTime.getAsLong();
  }

  /** Queues a message; false when that is refused. */
  boolean offer(Outgoing message) {
    return !finishing && queue.put(message);
  }

  /** There are changed subscriptions to write. */
  void wake() {
    queue.wake();
  }

  /** Ends when the queue is empty, or when Redis is unavailable. */
  void finish() {
    finishing = true;
    queue.wake();
  }

  /** Ends now. */
  void close() {
    closed = true;
    finish();
  }

  @Override
  public void run() {
    try {
      while (!closed && !(finishing && (away || queue.isEmpty()))) {
        subscriber.writeChanges();
        BusConnection current = connected();
        if (current != null) {
          publishNext(current);
        } else {
          queue.pause(backoff.next());
        }
      }
    } catch (InterruptedException e) {
      log.debug("The publishing thread of the bus was interrupted");
    } finally {
      if (connection != null) {
        connection.cut();
      }
      queue.end();
    }
  }

  private @Nullable BusConnection connected() {
    if (connection == null) {
      try {
        connection = connector.open();
      } catch (RuntimeException e) {
        lost(e);
      }
    }
    return connection;
  }

  private void publishNext(BusConnection current) throws InterruptedException {
    List<Outgoing> batch =
        queue.take(finishing ? Duration.ZERO : Duration.ofNanos(nextProbe - nanoTime.getAsLong()));
    try {
      int count = notes(current);
      for (Outgoing message : batch) {
        current.publish(message.redisChannel(), message.message());
      }
      long refused = count + batch.size() == 0 ? 0 : current.flushPublished(count + batch.size());
      if (refused > 0) {
        throw new IllegalStateException("Redis refused " + refused + " messages");
      }
      if (count > 0) {
        found();
      }
    } catch (RuntimeException e) {
      queue.lose(batch);
      lost(e);
      return;
    }
    batch.forEach(message -> message.became(PublishResult.ACCEPTED));
  }

  /** Publishes the probe, and that messages were lost, when it is time to. */
  private int notes(BusConnection current) {
    int count = 0;
    lost += queue.takeLost();
    if (lost > 0) {
      current.publish(BusWire.LOST, wire.note());
      count++;
    }
    if (nanoTime.getAsLong() - nextProbe >= 0) {
      nextProbe = nanoTime.getAsLong() + probe.toNanos();
      current.publish(wire.probe(), wire.note());
      count++;
    }
    return count;
  }

  private void found() {
    backoff.reset();
    queue.redisIsAway(false);
    if (away || lost > 0) {
      log.info("The bus publishes to Redis again; {} messages to other nodes were lost", lost);
    }
    away = false;
    lost = 0;
  }

  private void lost(RuntimeException cause) {
    if (connection != null) {
      connection.cut();
      connection = null;
    }
    // The first thing that a new connection has to do is to prove itself.
    nextProbe = nanoTime.getAsLong();
    queue.redisIsAway(true);
    if (!away && !finishing) {
      log.warn(
          "The bus cannot publish to Redis, this node's own sockets are served: {}",
          Printable.of(cause.toString()));
    }
    away = true;
  }
}
