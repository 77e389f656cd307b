package dev.realtime4j.server.redis;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.BusListener;
import dev.realtime4j.api.cluster.ClusterBus;
import dev.realtime4j.server.internal.environment.ServerThreads;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One node's bus on Redis pub/sub: one thread and connection that listens, one that publishes. What
 * a node publishes comes back to it, as Redis does not know who sent it.
 */
final class JedisClusterBus implements ClusterBus {
  /** How long a close may take to publish what waits, and then to end both threads. */
  private static final long FINISH_MS = 600;

  private static final AtomicInteger SEQUENCE = new AtomicInteger();

  private final BusConnector connector;
  private final BusSettings settings;
  private final BusWire wire;
  private final Subscriptions subscriptions = new Subscriptions();
  private volatile @Nullable Running running;
  private volatile boolean closed;

  /** What exists between start and close. */
  private record Running(BusSubscriber subscriber, BusPublisher publisher, List<Thread> threads) {}

  JedisClusterBus(ServerId self, BusConnector connector, BusSettings settings) {
    this.connector = connector;
    this.settings = settings;
    this.wire = new BusWire(self);
  }

  @Override
  public synchronized void start(BusListener listener) {
    if (running != null || closed) {
      throw new IllegalStateException("a bus is started once");
    }
    int number = SEQUENCE.incrementAndGet();
    BusSubscriber subscriber =
        new BusSubscriber(connector, subscriptions, wire, listener, settings);
    BusPublisher publisher = new BusPublisher(connector, subscriber, wire, settings);
    ServerThreads own = settings.environment().threads();
    List<Thread> threads =
        List.of(
            own.thread("realtime-bus-sub-" + number, subscriber),
            own.thread("realtime-bus-pub-" + number, publisher));
    running = new Running(subscriber, publisher, threads);
    threads.forEach(Thread::start);
  }

  @Override
  public CompletionStage<PublishResult> publish(String channel, byte[] message) {
    check(channel);
    Running bus = running();
    Outgoing outgoing =
        new Outgoing(
            BusWire.redisChannel(channel), message, settings.environment().nanoTime().getAsLong());
    if (!bus.publisher().offer(outgoing)) {
      throw RealtimeException.unavailable(
          closed
              ? "the bus is closed"
              : "the bus's outgoing queue is full; the other nodes do not get the message",
          null);
    }
    return outgoing.handover();
  }

  @Override
  public CompletionStage<Void> subscribe(String channel) {
    check(channel);
    Running bus = running();
    CompletionStage<Void> made = subscriptions.subscribe(channel);
    bus.publisher().wake();
    return made;
  }

  @Override
  public void unsubscribe(String channel) {
    if (subscriptions.unsubscribe(channel)) {
      running().publisher().wake();
    }
  }

  @Override
  public boolean isConnected() {
    return !closed && subscriptions.isBound();
  }

  @Override
  public void close() {
    Running bus;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      bus = running;
    }
    if (bus == null) {
      return;
    }
    bus.subscriber().close();
    bus.publisher().finish();
    join(bus.threads().get(1));
    bus.publisher().close();
    connector.close();
    bus.threads().forEach(JedisClusterBus::join);
    subscriptions.lost();
  }

  private static void join(Thread thread) {
    if (thread == Thread.currentThread()) {
      return;
    }
    try {
      TimeUnit.MILLISECONDS.timedJoin(thread, FINISH_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Running running() {
    Running bus = running;
    if (bus == null) {
      throw new IllegalStateException("the bus is not started");
    }
    return bus;
  }

  private static void check(String channel) {
    if (channel.isEmpty() || channel.length() > 200) {
      throw RealtimeException.badRequest("a channel must have 1 to 200 characters");
    }
  }
}
