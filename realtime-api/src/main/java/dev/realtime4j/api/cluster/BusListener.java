package dev.realtime4j.api.cluster;

/**
 * Receives what the bus brings to a node.
 *
 * <p>Thread safety: called by several threads at once. Every method must return at once, because
 * the bus waits for it.
 */
public interface BusListener {
  /**
   * A message of another node or a store arrived. A node drops its own.
   *
   * @param channel a channel that this node is subscribed to
   * @param message as it was published; not to be modified
   */
  void onMessage(String channel, byte[] message);

  /**
   * Messages of other nodes may have been missed: the connection was unavailable and is back, with
   * all subscriptions restored; or another node lost messages on their way out, in which case no
   * {@link #onDisconnected} comes first.
   */
  void onGap();

  /**
   * The connection is unavailable: messages of other nodes do not arrive until {@link #onGap()}.
   */
  void onDisconnected();
}
