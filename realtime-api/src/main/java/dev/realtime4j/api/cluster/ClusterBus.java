package dev.realtime4j.api.cluster;

import java.util.concurrent.CompletionStage;

/**
 * Carries messages to the other nodes; a service provider interface. The node gives a message to
 * its own sockets before it publishes it: the bus delivers nothing locally, and does not need to
 * know the sender.
 *
 * <p>At most once: messages that are published while the connection is unavailable may be lost, and
 * {@link BusListener#onGap()} tells the nodes that missed them.
 *
 * <p>Contract: while the bus is connected, a message reaches every other node that is subscribed to
 * its channel exactly once, byte by byte as it was published; messages that one thread publishes to
 * one channel arrive in that order; subscriptions survive a lost connection without the caller's
 * help. The node that published a message may get it back, as from a store that does not know who
 * publishes: it knows its own messages and drops them.
 *
 * <p>Messages that a {@link dev.realtime4j.api.presence.PresenceStore} of the same {@link
 * ClusterBackend} publishes reach every node in the same way, including the one that called the
 * store.
 *
 * <p>Thread safety: every method may be called by any thread, and none blocks.
 *
 * <p>Lifecycle: {@link #start} once, then the others, then {@link #close}. One bus serves one node.
 */
public interface ClusterBus extends AutoCloseable {
  /**
   * Begins to receive. Called once, before any other method.
   *
   * @param listener called on any thread; its exceptions affect nothing else
   */
  void start(BusListener listener);

  /**
   * Sends a message to every other node that is subscribed. Returns before they have it.
   *
   * @param channel 1 to 200 characters
   * @param message opaque to the bus; nobody modifies it afterwards
   * @return what became of it, once that is known; never fails, and completes on a bus thread or
   *     the calling one
   * @throws dev.realtime4j.api.RealtimeException {@code UNAVAILABLE} when the bounded outgoing
   *     queue is full
   */
  CompletionStage<PublishResult> publish(String channel, byte[] message);

  /**
   * Whether another node may listen to a channel. A bus that knows of none spares its node to write
   * what nobody reads: {@link #publish} is not called for it.
   *
   * @param channel 1 to 200 characters
   * @return true wherever that is not known, which is the default
   */
  default boolean isHeardElsewhere(String channel) {
    return true;
  }

  /** What became of a published message. */
  enum PublishResult {
    /** The shared medium has it; every node that listens gets it or hears of a gap. */
    ACCEPTED,
    /** It may have reached no other node. */
    LOST
  }

  /**
   * Begins to listen to a channel; a second call for the same channel changes nothing.
   *
   * @return done when every later message on the channel will be heard, or at once when the bus is
   *     disconnected (the subscription is made when it is back); never fails
   */
  CompletionStage<Void> subscribe(String channel);

  /** Ends listening to a channel; unknown channels are ignored. */
  void unsubscribe(String channel);

  /** Whether messages of other nodes arrive, as far as this node can know. */
  boolean isConnected();

  /** Ends all threads and connections that the bus made. Idempotent; returns within two seconds. */
  @Override
  void close();
}
