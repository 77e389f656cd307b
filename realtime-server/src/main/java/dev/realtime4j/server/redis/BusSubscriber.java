package dev.realtime4j.server.redis;

import dev.realtime4j.api.cluster.BusListener;
import dev.realtime4j.api.internal.Printable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that listens. It binds the connection, tells Redis all that is wanted, and reads until
 * the connection breaks or is silent for three probes; then it binds another one.
 */
final class BusSubscriber implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(BusSubscriber.class);

  private final BusConnector connector;
  private final Subscriptions subscriptions;
  private final BusWire wire;
  private final SafeBusListener ears;
  private final Duration silence;
  private final RedisBackoff backoff;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Object writing = new Object();

  /** The connection that takes changes; guarded by {@link #writing}. */
  private @Nullable BusConnection bound;

  private boolean away;

  /** Whether other nodes said that they lost messages; the gap is told with the next probe. */
  private boolean lostElsewhere;

  BusSubscriber(
      BusConnector connector,
      Subscriptions subscriptions,
      BusWire wire,
      BusListener listener,
      BusSettings settings) {
    this.connector = connector;
    this.subscriptions = subscriptions;
    this.wire = wire;
    this.ears = new SafeBusListener(listener);
    this.silence = settings.probe().multipliedBy(3);
    this.backoff = new RedisBackoff(settings.environment().random());
  }

  @Override
  public void run() {
    try {
      do {
        listenOnce();
      } while (!closed.await(backoff.next().toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      log.debug("The listening thread of the bus was interrupted");
    }
  }

  void close() {
    closed.countDown();
  }

  /** Tells Redis what has changed; called by the publishing thread. */
  void writeChanges() {
    synchronized (writing) {
      if (bound == null) {
        return;
      }
      Subscriptions.Changes changes = subscriptions.changes();
      if (changes.isEmpty()) {
        return;
      }
      try {
        if (!changes.subscribe().isEmpty()) {
          bound.subscribe(onRedis(changes.subscribe()));
        }
        if (!changes.unsubscribe().isEmpty()) {
          bound.unsubscribe(onRedis(changes.unsubscribe()));
        }
      } catch (RuntimeException e) {
        log.debug("A subscription could not be written; the connection will be bound again", e);
        bound.cut();
        bound = null;
      }
    }
  }

  private void listenOnce() {
    BusConnection connection = null;
    try {
      connection = connector.open();
      connection.endAfterSilence(silence);
      bind(connection);
      while (true) {
        hear(connection.read());
      }
    } catch (Throwable e) { // A message that no memory is left for must not end the thread.
      if (closed.getCount() > 0) {
        lost(e);
      }
    } finally {
      unbind(connection);
    }
  }

  private void bind(BusConnection connection) {
    synchronized (writing) {
      List<String> own = List.of(wire.probe(), BusWire.LOST);
      List<String> channels = new ArrayList<>(own);
      channels.addAll(onRedis(subscriptions.bind(own.size())));
      connection.subscribe(channels);
      bound = connection;
    }
  }

  private void unbind(@Nullable BusConnection connection) {
    if (connection != null) {
      connection.cut();
    }
    synchronized (writing) {
      bound = null;
    }
    subscriptions.lost();
  }

  private void hear(List<?> reply) {
    if (reply.size() != 3 || !(reply.get(0) instanceof byte[] kind)) {
      return;
    }
    switch (text(kind)) {
      case "message" -> message(text((byte[]) reply.get(1)), (byte[]) reply.get(2));
      case "subscribe", "unsubscribe" -> {
        if (subscriptions.acknowledged()) {
          found();
        }
      }
      default -> log.debug("The bus ignores a reply of kind {}", Printable.of(text(kind)));
    }
  }

  private void message(String redisChannel, byte[] sent) {
    if (BusWire.carriesMessages(redisChannel)) {
      String channel = BusWire.channel(redisChannel);
      if (subscriptions.wants(channel)) {
        ears.message(channel, sent);
      }
    } else if (redisChannel.equals(BusWire.LOST)) {
      lostElsewhere |= wire.isNoteOfAnother(sent);
    } else if (lostElsewhere) {
      lostElsewhere = false;
      ears.gap();
    }
  }

  private void found() {
    backoff.reset();
    if (away) {
      away = false;
      log.info("The bus listens to Redis again");
      ears.gap();
    }
  }

  private void lost(Throwable cause) {
    subscriptions.lost();
    if (!away) {
      away = true;
      log.warn(
          "The bus does not hear Redis, messages of other nodes do not arrive: {}",
          Printable.of(cause.toString()));
      ears.disconnected();
    }
  }

  private static List<String> onRedis(List<String> channels) {
    return channels.stream().map(BusWire::redisChannel).toList();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
