package dev.realtime4j.api.cluster;

import java.util.concurrent.CompletionStage;

/**
 * Carries messages to the other nodes; a service provider interface. The node's own sockets have a
 * message before it is published: nothing is delivered here, and nothing says here who sent it.
 *
 * <p>At most once: what is published while the connection is unavailable may be lost, and the nodes
 * that missed it are told by {@link BusListener#onGap()}.
 *
 * <p>Laws: a message reaches every other node that is subscribed to its channel exactly once while
 * the bus is connected, byte by byte as it was published; messages that one thread publishes to one
 * channel arrive in that order; subscriptions survive a lost connection without the caller's doing.
 * The node that published a message may get it back, as from a store that does not know who
 * publishes: it knows its own messages and drops them.
 *
 * <p>What a {@link dev.realtime4j.api.presence.PresenceStore} of the same {@link ClusterBackend}
 * publishes is brought to every node in the same way, the one that called the store included.
 *
 * <p>Thread safety: every method may be called by any thread, and none blocks.
 *
 * <p>Lifecycle: {@link #start} once, then the others, then {@link #close}. One bus serves one node.
 */
public interface ClusterBus extends AutoCloseable {
  /**
   * Begins to receive. Called once, before any other method.
   *
   * @param listener told on any thread; what it throws harms nobody
   */
  void start(BusListener listener);

  /**
   * Hands a message to every other node that is subscribed. It returns before they have it.
   *
   * @param channel 1 to 200 characters
   * @param message what the bus does not read; not modified by anyone afterwards
   * @return what became of it, once that is known; never fails, and completes on a bus thread or
   *     this one
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
    /** Whatever connects the nodes has it; every node that listens gets it or hears of a gap. */
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
