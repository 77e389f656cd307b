package dev.realtime4j.server.internal.cluster;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.Registration;
import dev.realtime4j.api.cluster.BusListener;
import dev.realtime4j.api.cluster.ClusterBus;
import dev.realtime4j.api.cluster.ClusterBus.PublishResult;
import dev.realtime4j.api.internal.Printable;
import dev.realtime4j.api.internal.SeldomTold;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's side of the bus: it listens to a channel as long as anybody here wants to.
 *
 * <p>Thread safety: any thread. Handlers run on a bus thread, or on the publishing thread for the
 * node's own messages; they return at once.
 */
public final class NodeBus implements BusListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeBus.class);

  /** How long anybody waits for a subscription; when it takes longer it ends with a gap. */
  private static final long SUBSCRIBE_MILLIS = 1000;

  private record Channel(List<Consumer<byte[]>> handlers, CompletableFuture<Void> subscribed) {}

  private final SeldomTold seldom = new SeldomTold();
  private final ClusterBus bus;
  private final ConcurrentHashMap<String, Channel> channels = new ConcurrentHashMap<>();
  private final List<Runnable> gapListeners = new CopyOnWriteArrayList<>();

  /**
   * @param bus of this node; closed with this
   */
  public NodeBus(ClusterBus bus) {
    this.bus = bus;
  }

  /** Begins to receive. */
  public void start() {
    bus.start(this);
  }

  /**
   * Hands a message to every node that listens to the channel, this one included.
   *
   * @return what became of it, as the bus says
   */
  public CompletionStage<PublishResult> publish(String channel, byte[] message) {
    return bus.publish(channel, message);
  }

  /** Whether messages of other nodes arrive. */
  public boolean isConnected() {
    return bus.isConnected();
  }

  /** Adds a task for every time messages may have been missed; it returns at once. */
  public void onGap(Runnable task) {
    gapListeners.add(task);
  }

  /**
   * Listens to a channel, and waits up to a second until every later message will be heard. Called
   * on a worker.
   */
  public Registration listen(String channel, Consumer<byte[]> handler) {
    Listening listening = begin(channel, handler);
    awaitConfirmed(List.of(listening));
    return listening;
  }

  /** Begins to listen to a channel, and does not wait. */
  Listening begin(String channel, Consumer<byte[]> handler) {
    return new Listening(channel, add(channel, handler), () -> remove(channel, handler));
  }

  /** Waits up to a second, for all of them together. Called on a worker. */
  void awaitConfirmed(Collection<Listening> begun) {
    CompletableFuture<?>[] all =
        begun.stream().map(Listening::confirmed).toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(all).get(SUBSCRIBE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      log.debug("Of {} subscriptions some are not confirmed yet", all.length);
      // What is published until then is missed, and nobody else would say so.
      CompletableFuture.allOf(all).thenRun(() -> gapListeners.forEach(Runnable::run));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * A channel that is listened to.
   *
   * @param confirmed done when every later message will be heard
   */
  record Listening(String channel, CompletableFuture<Void> confirmed, Runnable end)
      implements Registration {
    @Override
    public void close() {
      end.run();
    }
  }

  private CompletableFuture<Void> add(String name, Consumer<byte[]> handler) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    channels.compute(
        name,
        (key, old) -> {
          Channel now;
          if (old == null) {
            CompletionStage<Void> subscribing = bus.subscribe(name);
            now = new Channel(List.of(handler), subscribing.toCompletableFuture());
          } else {
            now =
                new Channel(
                    Stream.concat(old.handlers.stream(), Stream.of(handler)).toList(),
                    old.subscribed);
          }
          now.subscribed.whenComplete((nothing, failure) -> done.complete(null));
          return now;
        });
    return done;
  }

  private void remove(String name, Consumer<byte[]> handler) {
    channels.computeIfPresent(
        name,
        (key, old) -> {
          List<Consumer<byte[]>> left =
              old.handlers.stream().filter(other -> other != handler).toList();
          if (left.isEmpty()) {
            bus.unsubscribe(name);
            return null;
          }
          return new Channel(left, old.subscribed);
        });
  }

  @Override
  public void onMessage(String channel, byte[] message) {
    Channel known = channels.get(channel);
    if (known == null) {
      return;
    }
    for (Consumer<byte[]> handler : known.handlers) {
      try {
        handler.accept(message);
      } catch (Throwable e) {
        refused(channel, e);
      }
    }
  }

  /** Whoever can publish on the bus could do so without end, and quote anything. */
  private void refused(String channel, Throwable e) {
    String kind = channel.substring(0, channel.indexOf(':') + 1);
    seldom
        .now(kind)
        .ifPresent(
            more ->
                log.warn(
                    "A message on the bus channel {} is dropped, as no node of this version sends"
                        + " it: {}. See who else publishes on the bus ({} more on such channels"
                        + " since the last time)",
                    channel,
                    e instanceof RealtimeException || e instanceof InvalidValueException
                        ? Printable.of(e.getMessage())
                        : Printable.place(e),
                    more));
  }

  @Override
  public void onGap() {
    log.info("The bus is back; what was missed is caught up from the stores");
    gapListeners.forEach(Runnable::run);
  }

  @Override
  public void onDisconnected() {
    log.warn("The bus is unavailable; this node goes on alone until it is back");
  }

  @Override
  public void close() {
    bus.close();
  }
}
