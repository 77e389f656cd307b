package dev.realtime4j.api.cluster;

import java.util.concurrent.CompletionStage;

/**
 * Carries messages between nodes; a service provider interface. At most once: what is published
 * while the connection is unavailable may reach this node's own subscriptions only, and the nodes
 * that missed it are told by {@link BusListener#onGap()}.
 *
 * <p>Laws: a message reaches every node that is subscribed to its channel, this one included,
 * exactly once while the bus is connected; messages that one thread publishes to one channel arrive
 * in that order; subscriptions survive a lost connection without the caller's doing.
 *
 * <p>Thread safety: every method may be called by any thread, and none blocks.
 *
 * <p>Lifecycle: {@link #start} once, then the others, then {@link #close}. One bus serves one node.
 */
public interface ClusterBus extends AutoCloseable {
  /**
   * Begins to receive. Called once, before any other method.
   *
   * @param listener told on a bus thread, or on the publishing thread for a message of this node
   */
  void start(BusListener listener);

  /**
   * Hands a message to every subscribed node. It returns before the others have it.
   *
   * @param channel 1 to 200 characters
   * @param message UTF-8 text; not modified by anyone afterwards
   * @return what became of it, once that is known; never fails, and completes on a bus thread or
   *     this one
   * @throws dev.realtime4j.api.RealtimeException {@code UNAVAILABLE} when the bounded outgoing
   *     queue is full; the node's own subscriptions got the message all the same
   */
  CompletionStage<PublishResult> publish(String channel, byte[] message);

  /** What became of a published message. */
  enum PublishResult {
    /** Whatever connects the nodes has it; every node that listens gets it or hears of a gap. */
    ACCEPTED,
    /** It may have reached this node's own subscriptions only. */
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
