package dev.realtime4j.server.internal.cluster;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.BusListener;
import dev.realtime4j.api.cluster.ClusterBus;
import dev.realtime4j.api.cluster.ClusterBus.PublishResult;
import dev.realtime4j.api.internal.Printable;
import dev.realtime4j.api.internal.SeldomTold;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.environment.ServerThreads;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's side of the bus: what is published here is for who listens here, at once, and for the
 * other nodes by way of {@link ClusterBus}. A channel is listened to as long as anybody here wants
 * to.
 *
 * <p>Thread safety: any thread. Listeners run on the publishing thread for the node's own messages,
 * on a bus thread for others'; they return at once.
 */
public final class NodeBus implements BusListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeBus.class);

  /** How long anybody waits for a subscription; when it takes longer it ends with a gap. */
  private static final Duration SUBSCRIBE = Duration.ofSeconds(1);

  private static final CompletionStage<PublishResult> NOBODY_MISSES_IT =
      CompletableFuture.completedStage(PublishResult.ACCEPTED);

  private final SeldomTold seldom;
  private final ServerThreads threads;
  private final Envelope envelope;
  private final ClusterBus others;
  private final ConcurrentHashMap<String, Consumer<BusMessage>> listeners =
      new ConcurrentHashMap<>();
  private final List<Runnable> gapListeners = new CopyOnWriteArrayList<>();

  /**
   * @param self this node
   * @param others carries messages to the other nodes; closed with this
   * @param environment of the node
   */
  public NodeBus(ServerId self, ClusterBus others, ServerEnvironment environment) {
    this.envelope = new Envelope(self);
    this.others = others;
    this.seldom = new SeldomTold(environment.nanoTime());
    this.threads = environment.threads();
  }

  /** Begins to receive. */
  public void start() {
    others.start(this);
  }

  /**
   * Gives a message to who listens to the channel on this node, before it returns, and hands it to
   * the other nodes. What one thread publishes on a channel arrives in that order, here and there.
   *
   * @return what became of it for the other nodes
   * @throws RealtimeException {@code UNAVAILABLE} when the other nodes cannot be told now; this one
   *     has it all the same
   */
  public CompletionStage<PublishResult> publish(String channel, BusMessage message) {
    Consumer<BusMessage> listener = listeners.get(channel);
    if (listener != null) {
      deliver(channel, listener, message);
    }
    return others.isHeardElsewhere(channel)
        ? others.publish(channel, envelope.seal(message))
        : NOBODY_MISSES_IT;
  }

  /** Whether messages of other nodes arrive. */
  public boolean isConnected() {
    return others.isConnected();
  }

  /** Adds a task for every time messages may have been missed; it returns at once. */
  public void onGap(Runnable task) {
    gapListeners.add(task);
  }

  /**
   * Begins to listen to a channel that nobody here listens to, and does not wait. Of one channel,
   * this and {@link #unsubscribe} are called one after the other.
   *
   * @return done when every later message will be heard
   */
  CompletableFuture<Void> subscribe(String channel, Consumer<BusMessage> listener) {
    CompletionStage<Void> made = others.subscribe(channel);
    if (listeners.putIfAbsent(channel, listener) != null) {
      throw new IllegalStateException("two listen to the channel " + channel);
    }
    return made.toCompletableFuture();
  }

  /** Ends listening to a channel. */
  void unsubscribe(String channel) {
    listeners.remove(channel);
    others.unsubscribe(channel);
  }

  /** Waits up to a second for subscriptions, for all of them together. Called on a worker. */
  void awaitMade(Collection<CompletableFuture<Void>> subscriptions) {
    CompletableFuture<Void> all =
        CompletableFuture.allOf(subscriptions.toArray(CompletableFuture[]::new));
    try {
      if (!threads.await(all, SUBSCRIBE) || all.isCompletedExceptionally()) {
        log.debug("Of {} subscriptions some are not confirmed yet", subscriptions.size());
        // What is published until then is missed, and nobody else would say so.
        all.thenRun(() -> gapListeners.forEach(Runnable::run));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What this node published has been heard here already: a bus may bring it back. */
  @Override
  public void onMessage(String channel, byte[] sealed) {
    Consumer<BusMessage> listener = listeners.get(channel);
    if (listener == null || envelope.isOwn(sealed)) {
      return;
    }
    try {
      deliver(channel, listener, Envelope.open(sealed));
    } catch (RealtimeException e) {
      refused(channel, e);
    }
  }

  private void deliver(String channel, Consumer<BusMessage> listener, BusMessage message) {
    try {
      listener.accept(message);
    } catch (Throwable e) { // Whoever publishes is not to suffer from who listens.
      refused(channel, e);
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
    others.close();
  }
}
